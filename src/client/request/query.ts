import { expectType } from '../../errors/misuse.ts';
import { pairsOf } from './pairs.ts';

/** One value of a query; `undefined` and `null` are left out. */
type QueryValue = string | number | boolean | null | undefined;

/** What is appended to the query of a URL: all that `URLSearchParams` takes; in an object an array repeats its name. */
export type Query =
  | string
  | URLSearchParams
  | readonly (readonly [name: string, value: QueryValue])[]
  | Iterable<readonly [name: string, value: QueryValue]>
  | Record<string, QueryValue | readonly QueryValue[]>;

/** @throws TypeError for what no query is, and for a value that is no text, number or boolean. */
export function addQuery(url: URL, query: Query | undefined): void {
  if (query === undefined) return;
  const added = typeof query === 'string' ? new URLSearchParams(query) : new URLSearchParams();
  const pairs = typeof query === 'string' ? [] : pairsOf(query, 'query of a call');
  for (const [name, values] of pairs) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value === undefined || value === null) continue;
      if (typeof value !== 'bigint') expectType(value, 'string|number|boolean', `query.${name} of a call`);
      added.append(name, String(value));
    }
  }
  if (added.size > 0) url.search = `${url.search === '' ? '' : `${url.search}&`}${added}`;
}
