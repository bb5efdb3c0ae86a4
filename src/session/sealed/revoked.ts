import { type Awaitable, after } from '../../crypto/index.ts';
import { setNewest } from '../../errors/set-newest.ts';
import { atOnce } from '../../store/at-once.ts';
import type { RevocationList } from '../../store/contract.ts';
import type { EndCause } from '../backend.ts';
import type { SessionFacts } from '../request-session.ts';
import type { Settings } from '../settings.ts';

/** Which sessions ended before their time. */
export interface Revoked {
  /** As the list said it no longer ago than the staleness. */
  lately(id: string, now: number): Awaitable<boolean>;
  /** How the session has ended by now, as the list says it now. */
  endCause(row: Pick<SessionFacts, 'selector' | 'idleAt'>, now: number): Awaitable<EndCause | undefined>;
  add(id: string, until: number): Promise<void>;
  /** Ends a session that another takes the place of. @param lateUntil how long requests with its cookie may be under way */
  supersede(id: string, until: number, lateUntil: number): Promise<void>;
  /** True for a session that was superseded so lately that its cookie may belong to a request that was under way then. */
  isLate(id: string, now: number): Awaitable<boolean>;
}

const answersKept = 10_000;
/** Stands before the id of a session that was superseded, on the same list. */
const supersededPrefix = 'superseded ';

/** The list, with a time limit on every call. @param staleness in ms: how long a `no` is believed. A `yes` is for ever. */
export function revokedSessions(
  list: RevocationList,
  staleness: number,
  { timeLimit, views }: Pick<Settings, 'timeLimit' | 'views'>,
): Revoked {
  const askedAt = new Map<string, number>();
  let additions = 0;
  const ask = timeLimit('revocations.has', (id: string, now: number) => atOnce(list.has).call(list, id, now));
  const add = timeLimit('revocations.add', (id: string, until: number) => list.add(id, until));

  const has = (id: string, now: number): Awaitable<boolean> => {
    const before = additions;
    return after(ask(id, now), (revoked) => {
      // An answer that an addition overtook may be older than that.
      if (staleness === 0 || additions !== before) return revoked;
      if (revoked) askedAt.delete(id);
      else setNewest(askedAt, id, now, answersKept);
      return revoked;
    });
  };

  const end = async (id: string, until: number): Promise<void> => {
    await add(id, until);
    additions += 1;
    askedAt.delete(id);
    views.touched(id);
  };

  return {
    endCause({ selector, idleAt }, now) {
      if (idleAt <= now) return 'expired';
      return after(has(selector, now), (revoked) => (revoked ? 'revoked' : undefined));
    },
    lately(id, now) {
      const at = askedAt.get(id);
      return at !== undefined && now - at < staleness ? false : has(id, now);
    },
    add: end,
    async supersede(id, until, lateUntil) {
      // First of all, or a request in between would be taken for one of a session that is simply over.
      await add(supersededPrefix + id, lateUntil);
      await end(id, until);
    },
    isLate: (id, now) => ask(supersededPrefix + id, now),
  };
}
