import { type Awaitable, after } from '../crypto/index.ts';
import { anonymous, changed } from '../store/record.ts';
import type { Backend, CommitOutcome } from './backend.ts';
import { gone, nobodySignedOut, nothingKept, superseded } from './failures.ts';
import type { Foreign } from './foreign.ts';
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
  const { backend, settings } = context;
  if (!session.ended && session.login === undefined) return write(context, session, now);
  const together = { settings, backend: backend.together?.() ?? backend };
  const goOn = () => write(together, session, now);
  return session.ended ? endLoaded(together, session, now).then(goOn) : goOn();
}

function write<Loaded extends LoadedSession>(
  context: CommitContext<Loaded>,
  session: RequestSession<Loaded>,
  now: number,
): Awaitable<CookieChange> {
  const { backend } = context;
  const { loaded, login, adopting } = session;
  const orJoin = (written: CommitOutcome): Awaitable<CookieChange> =>
    written === 'adopted-already' ? join(context, session, now) : written;
  if (login !== undefined) return after(backend.logIn(session, login, now), orJoin);
  const changes = session.values.changes();
  if (loaded !== undefined) return backend.continue(session, loaded, changes, now);
  if (hasChanges(changes) || (adopting !== undefined && Object.keys(adopting.data).length > 0)) {
    return after(createAnonymous(context, session, changes, now), orJoin);
  }
  return session.loggedOut && session.opened.cookieCame ? 'erase' : undefined;
}

/** Another request that came with the same old cookie was first: this one goes on in its session. */
async function join<Loaded extends LoadedSession>(
  context: CommitContext<Loaded>,
  session: RequestSession<Loaded>,
  now: number,
): Promise<CookieChange> {
  const foreign = session.adopting;
  const found = foreign && (await context.backend.findAdopted(foreign, now));
  const goesOn = found !== undefined && 'row' in found;
  await session.joinAdopted(goesOn ? found : undefined);
  if (goesOn) return write(context, session, now);
  const cause = found?.late ? 'superseded' : 'revoked';
  context.settings.report({ type: 'gone', cause }, foreign?.selector);
  if (session.login !== undefined) return write(context, session, now);
  if (hasChanges(session.values.changes())) throw gone();
  return undefined;
}

/** A logout, or another user's login. */
async function endLoaded<Loaded extends LoadedSession>(
  context: CommitContext<Loaded>,
  { opened, loggedOut }: RequestSession<Loaded>,
  now: number,
): Promise<void> {
  const { backend, settings } = context;
  if (opened.storeAway) throw nobodySignedOut();
  const end = async ({ row }: LoadedSession) => {
    await backend.end(row, now);
    settings.report({ type: 'logout', user: row.userId ?? undefined }, row.selector);
  };
  if (opened.loaded !== undefined) await end(opened.loaded);
  else if (!loggedOut && opened.foreign !== undefined) {
    await forestall(context, opened.foreign, opened.device, now);
  }
  if (!loggedOut) return;
  // Or the browser, which keeps them, would be signed in by the next of them.
  for (const cookie of opened.others ?? []) {
    const found = await backend.find(cookie, now);
    if ('row' in found) await end(found);
  }
}

/** What the session of another library would begin has ended before it began. */
export async function forestall<Loaded extends LoadedSession>(
  { backend, settings }: CommitContext<Loaded>,
  foreign: Foreign,
  device: string | undefined,
  now: number,
): Promise<void> {
  const { ids, adopted } = foreign;
  const { remembered, ordinary } = settings.lifetimes;
  const life = deadlines(adopted.remember ? remembered : ordinary, now);
  await Promise.all(
    ids.map(({ selector }) => backend.forestall({ ...anonymous(selector, life, now), device }, now)),
  );
}

async function createAnonymous<Loaded extends LoadedSession>(
  { backend, settings }: CommitContext<Loaded>,
  session: RequestSession<Loaded>,
  changes: Changes,
  now: number,
): Promise<CommitOutcome> {
  const { lifetimes, report } = settings;
  const { adopting } = session;
  const { late, storeAway, device } = session.opened;
  if (storeAway) throw nothingKept();
  if (late !== undefined && !session.loggedOut) {
    // A session of its own would take the place of the newer one in the browser, and sign the visitor out there.
    report({ type: 'gone', cause: 'superseded' }, late);
    throw superseded();
  }
  const row: SessionFacts = {
    ...anonymous(adopting?.selector ?? newSelector(), deadlines(lifetimes.ordinary, now), now),
    data: changed(adopting?.data ?? {}, changes),
    device,
  };
  const written = await backend.create(row, adopting, now);
  if (written === 'adopted-already') return written;
  session.committed = row;
  report({ type: 'created' }, row.selector);
  return written;
}
