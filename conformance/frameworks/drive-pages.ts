import { type Case, equal } from '../case.ts';
import { Visitor } from './visitor.ts';

/** What a framework has that renders pages at `/page`: the visitor is in an element with the id `user`. */
export function drivePages(base: string): Case[] {
  return [
    {
      name: 'a page sees who signed in, and after the logout nobody, by a copied cookie too',
      async run() {
        const visitor = new Visitor(base);
        equal((await visitor.page('/page')).user, 'nobody');
        await visitor.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
        const thief = visitor.copy();
        equal((await thief.page('/page')).user, 'ada');
        await visitor.send('/api/logout', { method: 'POST' });
        equal([(await thief.page('/page')).user, (await visitor.page('/page')).user], ['nobody', 'nobody']);
      },
    },
    {
      name: 'a page that shows a visitor is kept by no shared cache',
      async run() {
        const visitor = new Visitor(base);
        await visitor.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
        const { headers } = await visitor.send('/page');
        equal(headers.get('cache-control'), 'private, no-store');
      },
    },
  ];
}
