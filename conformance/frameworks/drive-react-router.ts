import { type Case, equal } from '../case.ts';
import { driveFailures } from './drive-failures.ts';
import { Visitor } from './visitor.ts';

/** What only React Router has: a form of a page, submitted by its script, which asks for data in place of a document. */
export function driveReactRouter(base: string): Case[] {
  const form = { method: 'POST', body: new URLSearchParams() };
  return [
    ...driveFailures(base, [
      ['a loader', '/broken'],
      ['a loader, asked for as data,', '/broken.data'],
      ['an action', '/broken', form],
      ['an action, asked for as data,', '/broken.data', form],
    ]),
    {
      name: 'an action signs in, and its redirect carries the cookie, as a document and as data',
      async run() {
        for (const path of ['/page', '/page.data']) {
          const visitor = new Visitor(base);
          const body = new URLSearchParams({ user: 'ada' });
          const login = await visitor.send(path, { method: 'POST', body });
          equal([login.status < 400, login.headers.getSetCookie().length], [true, 1]);
          equal((await visitor.page('/page')).user, 'ada');
        }
      },
    },
  ];
}
