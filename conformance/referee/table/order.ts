import type { Sequence } from '../sequence.ts';
import { lineRow, visitRow } from './line.ts';

const many = (count: number, attributes = '') =>
  Array.from({ length: count }, (_, at) => `c${at}=1; Path=/${attributes}`);

const orders: [string, string[]][] = [
  ['a new value keeps its place', ['a=1', 'b=1', 'a=2']],
  ['the same value again keeps its place', ['a=1', 'b=1', 'a=1']],
  ['new attributes keep its place', ['a=1', 'b=1', 'a=1; Max-Age=1000']],
  ['deleted and set again goes to the end', ['a=1', 'b=1', 'a=; Max-Age=0', 'a=1']],
  ['host-only after a Domain', ['a=1; Domain={a}', 'b=2']],
  ['host-only before a Domain', ['a=1', 'b=2; Domain={a}']],
  ['one name, a Domain first', ['a=1; Domain={a}', 'a=2']],
  ['one name, host-only first', ['a=1', 'a=2; Domain={a}']],
  ['paths go before age', ['a=1; Path=/', 'b=1; Path=/app', 'c=1; Path=/', 'd=1; Path=/app']],
  ['HttpOnly changes nothing', ['a=1; HttpOnly', 'b=1', 'c=1; HttpOnly']],
];

/** Their order in a header, and what has to go when there are too many. */
export const orderRows: readonly Sequence[] = [
  ...orders.map(([title, lines]) => lineRow('order', title, lines)),
  visitRow('order', 'a new value from a script', [
    {
      visit: { url: 'https://{a}/app/page', set: ['a=1', 'b=1'] },
      acts: [{ write: 'a=2' }, 'read', { fetch: { url: 'https://{a}/app/echo' } }],
    },
  ]),
  ...[150, 180, 181, 185].map((count) => lineRow('too many', `${count} of one host`, many(count))),
  lineRow('too many', '185, the first 10 Secure', [
    ...many(10, '; Secure').map((line) => `s${line}`),
    ...many(175),
  ]),
];
