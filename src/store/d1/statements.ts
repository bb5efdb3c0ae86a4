import { columnNames } from '../sqlite/rows.ts';
import {
  assignments,
  bury,
  columns,
  holes,
  type Statements,
  statementTexts,
  tombstone,
} from '../sqlite/statements.ts';

const userHole = 2 + columnNames.indexOf('user_id');
const epochHole = 2 + columnNames.length;
const epochOf = (hole: string) => `coalesce((SELECT epoch FROM hallpass_epochs WHERE user_id = ${hole}), 0)`;
const numbered = (text: string, from: number) => {
  let next = from;
  return text.replaceAll('?', () => `?${next++}`);
};
const afterUpdate = 1 + columnNames.length;

type Name = keyof Statements | 'version' | 'create' | 'replace' | 'endMembers' | 'buryMembers';

/** Beside those of every store on SQLite. Each is one step of its own: D1 has no transaction that a program could hold open. */
export const statements: Readonly<Record<Name, string>> = {
  ...statementTexts,

  version: 'SELECT * FROM hallpass_schema',

  /** (selector, ...columns, epoch or null) → a row when it was inserted */
  create: `INSERT INTO hallpass_sessions (selector, ${columns}) SELECT ?1, ${numbered(holes, 2)}
    WHERE ?${epochHole} IS NULL OR ?${userHole} IS NULL OR ?${epochHole} = ${epochOf(`?${userHole}`)}
    ON CONFLICT (selector) DO NOTHING RETURNING 1`,

  /**
   * (...columns, selector, gen, hash, seenAt, idleAt, data, epoch or null, user) → a row when it was as it was read. Every
   * rotation and login has a hash of its own, so nothing else can have changed and changed back.
   */
  replace: `UPDATE hallpass_sessions SET ${numbered(assignments, 1)}
    WHERE selector = ?${afterUpdate} AND revoked = 0 AND gen = ?${afterUpdate + 1} AND hash = ?${afterUpdate + 2}
      AND seen_at = ?${afterUpdate + 3} AND idle_at = ?${afterUpdate + 4} AND data = ?${afterUpdate + 5}
      AND (?${afterUpdate + 6} IS NULL OR ?${afterUpdate + 6} = ${epochOf(`?${afterUpdate + 7}`)})
    RETURNING 1`,

  /** (index, now, except, what its sessions hold) → whether each one that ended lived */
  endMembers: `UPDATE hallpass_sessions SET ${bury}
    WHERE selector IN (SELECT selector FROM hallpass_members WHERE user_id = ?1) AND selector IS NOT ?3 AND revoked = 0
      AND (user_id IS NULL OR user_id = ?1 OR instr(coalesce(external_id, ''), ?4) > 0)
    RETURNING idle_at > ?2 AND absolute_at > ?2 AS lived`,

  /** (index, except): where nothing stands yet */
  buryMembers: `${tombstone} SELECT selector, 1, 0, 0, 0, 0, 0, '', 0, '[]', until FROM hallpass_members
    WHERE user_id = ?1 AND selector IS NOT ?2 ON CONFLICT (selector) DO NOTHING`,
};
