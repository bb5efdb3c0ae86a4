import type { Act, Sequence, Visit } from '../sequence.ts';

/** A page on https, in a folder of its own. */
export const page = 'https://{a}/app/page';
/** What the page asks for, to see what comes along. */
export const echo = 'https://{a}/app/echo';

interface LineOptions {
  /** The page that sets the lines. */
  readonly at?: string;
  /** What is asked for after that. */
  readonly asks?: readonly string[];
}

/** A page sets these lines, tells what a script sees of them, and asks for something. */
export function lineRow(
  group: string,
  title: string,
  set: readonly string[],
  { at = page, asks = [at.replace(/[^/]*$/, 'echo')] }: LineOptions = {},
): Sequence {
  return visitRow(group, title, [
    { visit: { url: at, set }, acts: ['read', ...asks.map((url): Act => ({ fetch: { url } }))] },
  ]);
}

export function visitRow(group: string, title: string, visits: readonly Visit[]): Sequence {
  return { group, title, visits };
}

/** One visit that sets lines in a page, and one more that shows what comes along when it is opened again. */
export function twoPages(
  group: string,
  title: string,
  set: readonly string[],
  [first, ...others]: readonly [string, ...string[]],
): Sequence {
  return visitRow(group, title, [
    { visit: { url: first, set }, acts: ['read'] },
    ...others.map((url): Visit => ({ visit: { url }, acts: ['read'] })),
  ]);
}

/** The octets of text in UTF-8. */
export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
