import type { Backend } from '../backend.ts';
import { commitRow } from './commit.ts';
import { findRow, type StoredFound } from './find.ts';
import type { CommitContext } from './patch-row.ts';

/** Sessions as rows of a store. */
export function storedBackend(context: CommitContext): Backend<StoredFound> {
  const { store, report } = context;
  return {
    async find(value, now) {
      const found = await findRow(store, value, now);
      if ('row' in found && found.successor !== undefined) report({ kind: 'replayed' }, found.row.selector);
      return found;
    },
    commit: (state, now) => commitRow(context, state, now),
  };
}
