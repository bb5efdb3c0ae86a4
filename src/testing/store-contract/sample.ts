import type { LoginSwap, SessionRecord, SessionStore } from '../../store/contract.ts';
import { isLive } from '../../store/record.ts';

export const start = 1_700_000_000_000;
const minute = 60_000;
export const idle: number = 30 * minute;
export const absolute: number = 600 * minute;

/** A record as a session makes it. Default: anonymous. */
export function record(selector: string, facts: Partial<SessionRecord> = {}): SessionRecord {
  return {
    selector,
    gen: 0,
    hash: `hash of ${selector}`,
    userId: null,
    data: {},
    createdAt: start,
    authenticatedAt: null,
    seenAt: start,
    idle,
    idleAt: start + idle,
    absoluteAt: start + absolute,
    remember: false,
    ...facts,
  };
}

export function login(userId: string, epoch: number, now: number): LoginSwap {
  return {
    userId,
    epoch,
    to: `hash of ${userId} at ${now}`,
    authenticatedAt: now,
    absoluteAt: now + absolute,
    idle,
    idleAt: now + idle,
    remember: false,
  };
}

/** The row of a session that lives. */
export async function liveRow(
  store: SessionStore,
  selector: string,
  o: { now: number },
): Promise<SessionRecord | undefined> {
  const row = await store.read(selector, o);
  return isLive(row) ? row : undefined;
}
