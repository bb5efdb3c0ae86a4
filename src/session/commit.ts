import type { Awaitable } from '../crypto/index.ts';
import type { Backend } from './backend.ts';
import { nobodySignedOut, nothingKept, outdated } from './failures.ts';
import { deadlines } from './lifetime.ts';
import type { LoadedSession, RequestSession, SessionFacts } from './request-session.ts';
import { newSelector } from './selector.ts';
import type { CookieChange } from './session-cookie.ts';
import type { Settings } from './settings.ts';
import { type Changes, hasChanges } from './values.ts';

/** What a commit works with. */
interface CommitContext<Loaded extends LoadedSession> {
  readonly backend: Backend<Loaded>;
  readonly settings: Pick<Settings, 'lifetimes' | 'report'>;
}

/**
 * Carries out what the handler meant. With nothing to write and no renewal due nothing is called.
 * @throws HttpError 409 `session-gone` or `session-conflict`, 503 `store-unavailable`
 * @throws TypeError for a session that cannot be kept
 */
export function commit<Loaded extends LoadedSession>(
  context: CommitContext<Loaded>,
  session: RequestSession<Loaded>,
  now: number,
): Awaitable<CookieChange> {
  const goOn = () => write(context, session, now);
  return session.ended ? endLoaded(context, session, now).then(goOn) : goOn();
}

function write<Loaded extends LoadedSession>(
  context: CommitContext<Loaded>,
  session: RequestSession<Loaded>,
  now: number,
): Awaitable<CookieChange> {
  const { backend } = context;
  const { loaded, login } = session;
  if (login !== undefined) return backend.logIn(session, login, now);
  const changes = session.values.changes();
  if (loaded !== undefined) return backend.continue(session, loaded, changes, now);
  if (hasChanges(changes)) return createAnonymous(context, session, changes, now);
  return session.loggedOut && session.opened.cookieCame ? 'erase' : undefined;
}

/** A logout, or another user's login. */
async function endLoaded<Loaded extends LoadedSession>(
  { backend, settings }: CommitContext<Loaded>,
  { opened, loggedOut }: RequestSession<Loaded>,
  now: number,
): Promise<void> {
  if (opened.storeAway) throw nobodySignedOut();
  if (opened.loaded === undefined) return;
  const end = async ({ row }: LoadedSession) => {
    await backend.end(row, now);
    settings.report({ type: 'logout', user: row.userId ?? undefined }, row.selector);
  };
  await end(opened.loaded);
  if (!loggedOut) return;
  // Or the browser, which keeps them, would be signed in by the next of them.
  for (const value of opened.others ?? []) {
    const found = await backend.find(value, now);
    if ('row' in found) await end(found);
  }
}

async function createAnonymous<Loaded extends LoadedSession>(
  { backend, settings }: CommitContext<Loaded>,
  session: RequestSession<Loaded>,
  changes: Changes,
  now: number,
): Promise<CookieChange> {
  const { lifetimes, report } = settings;
  const { late, storeAway, device } = session.opened;
  if (storeAway) throw nothingKept();
  if (late !== undefined && !session.loggedOut) {
    // A session of its own would take the place of the newer one in the browser, and sign the visitor out there.
    report({ type: 'gone', cause: 'superseded' }, late);
    throw outdated();
  }
  const row: SessionFacts = {
    selector: newSelector(),
    gen: 0,
    userId: null,
    data: changes.set,
    createdAt: now,
    authenticatedAt: null,
    seenAt: now,
    ...deadlines(lifetimes.ordinary, now),
    remember: false,
    device,
  };
  const change = await backend.create(row, now);
  session.committed = row;
  report({ type: 'created' }, row.selector);
  return change;
}
