import type { Awaitable } from '../crypto/index.ts';
import type { Settings } from './settings.ts';
import type { SessionState } from './state.ts';
import type { Adopted } from './types.ts';

/**
 * Commits a session that takes over one of another library, and ends that one: before a logout, which would not be one
 * otherwise; else once ours stands in its place. The Set-Cookie lines of both.
 */
export async function commitAdopted(
  { guard, report }: Settings,
  state: SessionState,
  foreign: Adopted,
  commit: () => Awaitable<readonly string[]>,
): Promise<readonly string[]> {
  const { user, setCookie = [] } = foreign;
  const discard = guard('discard', async () => foreign.discard?.());
  if (state.loggedOut) {
    await discard();
    return [...setCookie, ...(await commit())];
  }
  const lines = await commit();
  if (state.kept === undefined) return lines;
  report({ type: 'adopted', user }, state.kept.selector);
  // Its failure is an event already. The visitor has a session of ours, and no later request asks for the other.
  try {
    await discard();
  } catch {}
  return [...setCookie, ...lines];
}
