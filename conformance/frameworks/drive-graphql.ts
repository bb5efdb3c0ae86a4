import type { Case } from '../case.ts';
import { graphql } from './dialect.ts';
import { driveFailures } from './drive-failures.ts';

/** What only GraphQL has: one operation of several fields, of which some hold and one fails. */
export function driveGraphql(base: string): Case[] {
  const query = 'mutation { login(user: "mallory") boom }';
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
  return driveFailures(base, [['a field beside a login', '/graphql', init]], graphql);
}
