import { checkOptions } from '../../errors/misuse.ts';
import { HallpassError } from '../../errors.ts';
import { promised } from '../at-once.ts';
import { listWithCheckedCalls } from '../checked-calls.ts';
import type { RevocationList } from '../contract.ts';
import { lateness } from '../record.ts';
import { Deadlines } from './deadlines.ts';
import { checkSharedName, processWide } from './process-wide.ts';

const defaultMaxIds = 250_000;

/** How much {@link memoryRevocations} holds, and who shares it. */
export interface MemoryRevocationsOptions {
  /** How many ids are kept, some 150 bytes each. Default: 250,000. */
  readonly maxIds?: number;
  /**
   * The list of this name is one in the whole process, even where a framework or a bundler has loaded this module several
   * times. The first call decides how much it holds. Default: a list of its own for every call.
   */
  readonly shared?: string;
}

/**
 * Revoked ids in this process's memory: gone when it ends, not shared with others. A full list forgets those that would have
 * expired by themselves, the first to expire first, and takes no more where there are none: never one that counts.
 * @throws TypeError when `maxIds` is not a positive integer, or `shared` no name. `add` rejects with HallpassError `store-unavailable` when the list is full.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing } from 'hallpass/seal';
 * import { createSessions } from 'hallpass/session';
 * import { memoryRevocations } from 'hallpass/stores/memory';
 *
 * const keys = keyRing(generateKey());
 * const sessions = createSessions({ sealed: { keys, revocations: memoryRevocations() } });
 * console.log((await sessions.open(null)).user); // → undefined
 * ```
 */
export function memoryRevocations(options: MemoryRevocationsOptions = {}): RevocationList {
  checkOptions(options, { maxIds: 'any', shared: 'any' }, 'memoryRevocations');
  const { maxIds = defaultMaxIds, shared } = options;
  if (!Number.isInteger(maxIds) || maxIds < 1) throw new TypeError('maxIds must be a positive integer.');
  if (shared === undefined) return makeList(maxIds);
  checkSharedName(shared);
  return processWide('revocations', shared, () => makeList(maxIds));
}

/** The list of sealed sessions that were given none: one in the process, whatever copy of this module asks for it. */
export function defaultRevocations(): RevocationList {
  return processWide('revocations', '', () => makeList(defaultMaxIds));
}

function makeList(maxIds: number): RevocationList {
  const revoked = new Map<string, number>();
  /** Each id once; one that was added again with a later deadline comes up early, and is put back. */
  const deadlines = new Deadlines<string>();
  /** As the last call had it, not the latest: a clock that was ahead may be right again. */
  let time = 0;

  /** No more than it takes, so that a clock that is ahead has as little as possible forgotten. */
  const makeRoom = () => {
    const past = time - lateness;
    while (revoked.size >= maxIds) {
      const due = deadlines.takeDue(past);
      if (due === undefined) return;
      const until = revoked.get(due) ?? 0;
      if (until > past) deadlines.add(until, due);
      else revoked.delete(due);
    }
  };

  return listWithCheckedCalls({
    async add(id, until) {
      const known = revoked.get(id);
      if (known === undefined) {
        makeRoom();
        if (revoked.size >= maxIds) {
          throw new HallpassError(
            'store-unavailable',
            `The list of revocations in memory holds ${maxIds} ids, and none has expired: raise maxIds, or keep them in a database.`,
          );
        }
        deadlines.add(until, id);
      }
      revoked.set(id, Math.max(until, known ?? 0));
    },

    has: promised((id, now) => {
      time = now;
      return (revoked.get(id) ?? 0) > now;
    }),
  });
}
