import type { Awaitable } from '../crypto/index.ts';
import type { Backend } from './backend.ts';
import { forestall } from './commit.ts';
import type { Foreign } from './foreign.ts';
import type { LoadedSession, RequestSession } from './request-session.ts';
import type { Settings } from './settings.ts';

/** True for a request whose commit has to do with a session of another library. */
export function concernsForeign({ opened, loggedOut }: RequestSession): boolean {
  return opened.foreign !== undefined || (loggedOut && opened.askForeign !== undefined);
}

/** What the commit of such a request works with. */
interface AdoptContext<Loaded extends LoadedSession> {
  readonly settings: Settings;
  readonly backend: Backend<Loaded>;
  readonly now: number;
}

/**
 * Commits a request that came, or may have come, with a session of another library. That one ends once ours stands in its
 * place, after the grace; and at a logout, which it does not undo when it fails. The Set-Cookie lines of both.
 */
export async function commitAdopted<Loaded extends LoadedSession>(
  context: AdoptContext<Loaded>,
  session: RequestSession<Loaded>,
  commit: () => Awaitable<readonly string[]>,
): Promise<readonly string[]> {
  if (session.loggedOut) return logOut(context, session, commit);
  const lines = await commit();
  const { foreign, loaded } = session.opened;
  if (foreign === undefined) return lines;
  const { committed } = session;
  const { settings, backend, now } = context;
  if (committed !== undefined && loaded === undefined) {
    settings.report({ type: 'adopted', user: foreign.adopted.user }, committed.selector);
    await settled(backend.spend(foreign, false, now));
    endAfterGrace(context, foreign);
  } else if (loaded === undefined) return lines;
  return [...(foreign.adopted.setCookie ?? []), ...lines];
}

async function logOut<Loaded extends LoadedSession>(
  { settings, backend, now }: AdoptContext<Loaded>,
  { opened }: RequestSession<Loaded>,
  commit: () => Awaitable<readonly string[]>,
): Promise<readonly string[]> {
  const foreign = opened.foreign ?? (await settled(opened.askForeign?.()));
  if (foreign === undefined || 'refused' in foreign) return commit();
  // Ours first: it ends also where the store has no room for anything new.
  const lines = await commit();
  const failure = await forestall({ settings, backend }, foreign, opened.device, now).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const isDiscarded = await finish({ settings, backend, now }, foreign);
  if (failure !== undefined && !isDiscarded) throw failure.error;
  return [...(foreign.adopted.setCookie ?? []), ...lines];
}

/** Requests that are under way with the old cookie find the old session, and by it ours, until then. */
function endAfterGrace<Loaded extends LoadedSession>(
  { settings, backend }: AdoptContext<Loaded>,
  foreign: Foreign,
): void {
  if (foreign.verifier === undefined) return;
  settings.afterGrace.add(() => finish({ settings, backend, now: settings.clock.now() }, foreign));
}

/** Ends the old session. False where that cannot be done, or fails, an event already: then it begins none of ours any more. */
async function finish<Loaded extends LoadedSession>(
  { settings, backend, now }: AdoptContext<Loaded>,
  foreign: Foreign,
): Promise<boolean> {
  const { adopted } = foreign;
  const discard = async () => {
    if (adopted.discard === undefined) return false;
    await adopted.discard();
    return true;
  };
  if (await settled(settings.timeLimit('discard', discard)())) return true;
  await settled(backend.spend(foreign, true, now));
  return false;
}

/** `undefined` for what failed: an event already. */
async function settled<T>(work: Awaitable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
