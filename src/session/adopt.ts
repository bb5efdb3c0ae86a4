import type { Awaitable } from '../crypto/index.ts';
import type { RequestSession } from './request-session.ts';
import type { Settings } from './settings.ts';
import type { Adopted } from './types.ts';

/**
 * Commits a session that takes over one of another library, and ends that one: before a logout, which would not be one
 * otherwise; else once ours stands in its place. The Set-Cookie lines of both.
 */
export async function commitAdopted(
  { timeLimit, report }: Settings,
  session: RequestSession,
  foreign: Adopted,
  commit: () => Awaitable<readonly string[]>,
): Promise<readonly string[]> {
  const { user, setCookie = [] } = foreign;
  const discard = timeLimit('discard', async () => foreign.discard?.());
  if (session.loggedOut) {
    await discard();
    return [...setCookie, ...(await commit())];
  }
  const lines = await commit();
  if (session.committed === undefined) return lines;
  report({ type: 'adopted', user }, session.committed.selector);
  // Its failure is an event already. The visitor has a session of ours, and no later request asks for the other.
  try {
    await discard();
  } catch {}
  return [...setCookie, ...lines];
}
