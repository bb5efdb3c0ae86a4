import { type Case, equal } from '../case.ts';
import { type Dialect, plain } from './dialect.ts';
import { Visitor } from './visitor.ts';

/** A request that makes something throw which is no route: what it is called, its path, or where to learn it, and the rest of it. */
export type Asked = readonly [
  title: string,
  path: string | ((visitor: Visitor) => Promise<string>),
  init?: RequestInit,
];

/**
 * What a framework answers in a way of its own, often with 200, when a page, an action or a function of it throws. Each of them has signed
 * `mallory` in, set `boomed` and the cookie `theme` before.
 */
export function driveFailures(base: string, asked: readonly Asked[], dialect: Dialect = plain): Case[] {
  return asked.map(([title, path, init]) => ({
    name: `${title} that throws keeps its cookies, and drops what it wrote, and a login`,
    async run() {
      const stranger = new Visitor(base, dialect);
      const user = new Visitor(base, dialect);
      await user.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
      for (const visitor of [stranger, user]) {
        const { status, headers } = await visitor.send(
          typeof path === 'string' ? path : await path(visitor),
          init,
        );
        const names = headers.getSetCookie().map((line) => line.split('=')[0]);
        equal(names, ['theme'], `the cookies of an answer with ${status}`);
        const isDocument = new Headers(init?.headers).get('accept') === 'text/html';
        if (isDocument) equal(/^text\/html\b/.test(headers.get('content-type') ?? ''), true, 'a document');
        const after = await visitor.json('/api/me');
        equal([after.user, after.boomed ?? null], [visitor === user ? 'ada' : null, null]);
      }
    },
  }));
}
