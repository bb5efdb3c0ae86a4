import { type Case, equal } from '../case.ts';
import { Visitor } from './visitor.ts';

/** What only Nuxt has: a page that asks a route of its own app while it is rendered. */
export function driveNuxt(base: string): Case[] {
  return [
    {
      name: 'a page that asks its own route sees the visitor, and what the route wrote is kept',
      async run() {
        const visitor = new Visitor(base);
        equal((await visitor.page('/page')).user, 'nobody');
        await visitor.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
        const before = Number((await visitor.json('/api/me')).visits);
        const { user, visits } = await visitor.page('/page');
        equal([user, visits], ['ada', String(before + 1)]);
        equal((await visitor.json('/api/me')).visits, before + 2);
      },
    },
    {
      name: 'a page whose route throws, and which is 200, keeps nothing of what that wrote',
      async run() {
        const visitor = new Visitor(base);
        await visitor.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
        equal((await visitor.page('/page?broken')).error, '500');
        const { user, boomed } = await visitor.json('/api/me');
        equal([user, boomed], ['ada', null]);
      },
    },
  ];
}
