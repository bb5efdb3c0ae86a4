import { quoted as quotedValue } from '../../errors/misuse.ts';

/** The tables of a store, quoted for SQL. */
export interface Tables {
  readonly sessions: string;
  /** Which selectors each user has. */
  readonly members: string;
  /** The epoch of each user. */
  readonly users: string;
  readonly revocations: string;
  /** The version of all of these. */
  readonly schema: string;
}

export const defaultTable = 'hallpass_sessions';

/** PostgreSQL cuts names at 63 bytes; the longest ending that we add has 12. */
const tableSyntax = /^(?:(?<schema>[A-Za-z_]\w{0,62})\.)?(?<table>[A-Za-z_]\w{0,50})$/;

/** @param table the table of the sessions, with its schema if need be; the others are named after it. @throws TypeError */
export function tableNames(table: string): Tables {
  const match = typeof table === 'string' ? tableSyntax.exec(table) : null;
  if (match === null) {
    throw new TypeError(
      `Not the name of a table: ${quotedValue(table)}. Write letters, digits and _, at most 51, such as 'sessions' or 'auth.sessions'.`,
    );
  }
  const { schema, table: name } = match.groups as { schema?: string; table: string };
  const quoted = (ending: string) => `${schema === undefined ? '' : `"${schema}".`}"${name}${ending}"`;
  return {
    sessions: quoted(''),
    members: quoted('_members'),
    users: quoted('_users'),
    revocations: quoted('_revocations'),
    schema: quoted('_schema'),
  };
}
