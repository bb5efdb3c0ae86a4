import type { RevocationList } from '../../store/contract.ts';
import type { Settings } from '../settings.ts';

/** Which sessions ended before their time. */
export interface Revoked {
  /** As the list said it no longer ago than the staleness. */
  lately(id: string, now: number): Promise<boolean>;
  /** As the list says it now. */
  has(id: string, now: number): Promise<boolean>;
  add(id: string, until: number): Promise<void>;
}

const answersKept = 10_000;

/** The list, with a time limit on every call. @param staleness in ms: how long a `no` is believed. A `yes` is for ever. */
export function revokedSessions(
  list: RevocationList,
  staleness: number,
  { guard, views }: Pick<Settings, 'guard' | 'views'>,
): Revoked {
  const askedAt = new Map<string, number>();
  const ask = guard('revocations.has', (id: string, now: number) => list.has(id, now));
  const add = guard('revocations.add', (id: string, until: number) => list.add(id, until));

  const has = async (id: string, now: number): Promise<boolean> => {
    const revoked = await ask(id, now);
    if (staleness === 0) return revoked;
    askedAt.delete(id);
    const [oldest] = askedAt.keys();
    if (askedAt.size >= answersKept && oldest !== undefined) askedAt.delete(oldest);
    if (!revoked) askedAt.set(id, now);
    return revoked;
  };

  return {
    has,
    async lately(id, now) {
      const at = askedAt.get(id);
      return at !== undefined && now - at < staleness ? false : has(id, now);
    },
    async add(id, until) {
      askedAt.delete(id);
      await add(id, until);
      views.touched(id);
    },
  };
}
