import type { TimedStore } from './time-limit.ts';

/**
 * Puts a row on a user's index, before the row knows the user, so that no revocation can miss it. The user's epoch.
 * The index holds no more than it can: what it let go of would outlive a revocation, so it ends now.
 */
export async function enlistIn(
  store: Pick<TimedStore, 'enlist' | 'revoke'>,
  userId: string,
  selector: string,
  o: { now: number; until: number },
): Promise<number> {
  const { epoch, over } = await store.enlist(userId, selector, o);
  for (const forgotten of over) await store.revoke(forgotten, { now: o.now });
  return epoch;
}
