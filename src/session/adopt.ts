import type { Awaitable } from '../crypto/index.ts';
import { delayInBackground } from '../time.ts';
import type { Foreign } from './foreign.ts';
import type { LoadedSession, RequestSession } from './request-session.ts';
import type { Settings } from './settings.ts';

/** True for a request whose commit has to do with a session of another library. */
export function concernsForeign({ opened, loggedOut }: RequestSession): boolean {
  return opened.foreign !== undefined || (loggedOut && opened.askForeign !== undefined);
}

/**
 * Commits a request that came, or may have come, with a session of another library. That one ends once ours stands in its
 * place, after the grace; and at a logout, which it does not undo when it fails. The Set-Cookie lines of both.
 * @param forestall sees to it that it begins no session of ours any more
 */
export async function commitAdopted<Loaded extends LoadedSession>(
  settings: Settings,
  session: RequestSession<Loaded>,
  forestall: (foreign: Foreign) => Promise<void>,
  commit: () => Awaitable<readonly string[]>,
): Promise<readonly string[]> {
  if (session.loggedOut) return logOut(settings, session, forestall, commit);
  const lines = await commit();
  const { foreign, loaded } = session.opened;
  if (foreign === undefined) return lines;
  const { committed } = session;
  if (committed !== undefined && loaded === undefined) {
    settings.report({ type: 'adopted', user: foreign.adopted.user }, committed.selector);
    discardAfterGrace(settings, foreign);
  } else if (loaded === undefined) return lines;
  return [...(foreign.adopted.setCookie ?? []), ...lines];
}

async function logOut<Loaded extends LoadedSession>(
  settings: Settings,
  { opened }: RequestSession<Loaded>,
  forestall: (foreign: Foreign) => Promise<void>,
  commit: () => Awaitable<readonly string[]>,
): Promise<readonly string[]> {
  const foreign = opened.foreign ?? (await settled(opened.askForeign?.()));
  if (foreign === undefined || 'refused' in foreign) return commit();
  await forestall(foreign);
  const lines = await commit();
  await discard(settings, foreign);
  return [...(foreign.adopted.setCookie ?? []), ...lines];
}

/** Requests that are under way with the old cookie find the old session, and by it ours, until then. */
function discardAfterGrace(settings: Settings, foreign: Foreign): void {
  if (foreign.adopted.discard === undefined) return;
  const { clock, lifetimes } = settings;
  delayInBackground(clock, lifetimes.rotationGrace).then(() => discard(settings, foreign));
}

/** Its failure is an event already. The old session begins none of ours any more, and is discarded again at logout. */
async function discard({ timeLimit }: Settings, { adopted }: Foreign): Promise<void> {
  if (adopted.discard === undefined) return;
  await settled(timeLimit('discard', async () => adopted.discard?.())());
}

/** `undefined` for what failed: an event already. */
async function settled<T>(work: Awaitable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
