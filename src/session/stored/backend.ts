import { after } from '../../crypto/index.ts';
import { endsAt } from '../../store/record.ts';
import type { Backend } from '../backend.ts';
import { commitRow } from './commit.ts';
import { findRow, type StoredFound } from './find.ts';
import type { CommitContext } from './patch-row.ts';

/** Sessions as rows of a store. */
export function storedBackend(context: CommitContext): Backend<StoredFound> {
  const { store, report, lifetimes } = context;
  return {
    find: (value, now) =>
      after(findRow(store, value, now, lifetimes.rotationGrace), (found) => {
        if ('row' in found && found.successor !== undefined) report({ type: 'replayed' }, found.row.selector);
        return found;
      }),
    async check(row, now) {
      const present = await store.read(row.selector, { now });
      if (present === undefined) return endsAt(row) <= now ? 'expired' : 'revoked';
      return present.gen === row.gen ? present : 'superseded';
    },
    commit: (state, now) => commitRow(context, state, now),
  };
}
