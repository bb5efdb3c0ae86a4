import { type Case, equal } from '../case.ts';
import { driveFailures } from './drive-failures.ts';
import { Visitor } from './visitor.ts';

/** What only h3 2 has: handlers of Node, which answer by themselves. */
export function driveH3(base: string): Case[] {
  return [
    {
      name: 'a handler of Node signs in, with its own cookie, its headers and ours, and signs out',
      async run() {
        const visitor = new Visitor(base);
        const login = await visitor.send('/node/login', { method: 'POST' });
        const names = login.headers.getSetCookie().map((line) => line.split('=')[0]);
        equal([login.status, names], [303, ['own', '__Host-session']]);
        equal(login.headers.get('cache-control'), 'private, no-store');
        const thief = visitor.copy();
        equal((await thief.json('/api/me')).user, 'ada');
        equal(await (await visitor.send('/node/logout', { method: 'POST' })).text(), 'signed out');
        equal([(await thief.json('/api/me')).user, (await visitor.json('/api/me')).user], [null, null]);
      },
    },
    ...driveFailures(base, [
      ['a handler of Node that answers 502, or one', '/node/broken'],
      ['a handler of Node', '/node/thrown'],
    ]),
  ];
}
