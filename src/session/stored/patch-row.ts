import { HttpFacingError } from '../../errors.ts';
import type {
  LoginSwap,
  PatchResult,
  SessionRecord,
  SessionStore,
  VerifierSwap,
} from '../../store/contract.ts';
import type { Report } from '../events.ts';
import type { Lifetimes } from '../lifetime.ts';
import type { SessionState } from '../state.ts';
import type { Conflict, Values } from '../values.ts';

/** What a commit works with. */
export interface CommitContext {
  readonly store: SessionStore;
  readonly lifetimes: Lifetimes;
  readonly conflictOf: (key: string) => Conflict;
  readonly maxPerUser: number | undefined;
  readonly report: Report;
}

export type Settled = Exclude<PatchResult, { conflict: unknown }>;

/** Each round that ends in a conflict means that another request got its write through. */
const mostRounds = 32;

/** One conditional patch; where another request wrote a key first, what it wrote is taken in and the patch runs again. */
export async function patchRow(
  { store, conflictOf, report }: CommitContext,
  { values }: SessionState,
  row: SessionRecord,
  now: number,
  swap: { verifier?: VerifierSwap; login?: LoginSwap },
): Promise<Settled> {
  for (let round = 0; round < mostRounds; round += 1) {
    const result = await store.patch(row.selector, { gen: row.gen, now, ...values.changes(), ...swap });
    if (!('conflict' in result)) return result;
    settle(values, result.conflict, conflictOf, row.selector, report);
  }
  throw conflicted('Too many requests write this session at once; try again.');
}

function settle(
  values: Values,
  theirs: Readonly<Record<string, string | null>>,
  conflictOf: CommitContext['conflictOf'],
  selector: string,
  report: Report,
): void {
  const { base } = values.changes();
  for (const [key, text] of Object.entries(theirs)) {
    if (base[key] === text) continue;
    const outcome = values.settle(key, text, conflictOf(key));
    report({ kind: 'conflict', key, outcome }, selector);
    if (outcome === 'rejected') {
      throw conflicted(
        `Another request changed ${JSON.stringify(key)} of this session first; load it again.`,
      );
    }
  }
}

function conflicted(sentence: string): HttpFacingError {
  return new HttpFacingError('session-conflict', 409, sentence);
}
