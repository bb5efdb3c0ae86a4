import { type Case, equal } from '../case.ts';
import { Visitor } from './visitor.ts';

/** What only the app router of Next.js has: server components, server actions, and a proxy. */
export function driveNext(base: string): Case[] {
  return [
    {
      name: 'a server component sees who signed in by a route handler, and after the logout nobody',
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
      name: 'server components of one request read the session once, beside the proxy, however many ask for it',
      async run() {
        const visitor = new Visitor(base);
        const login = await visitor.send('/api/login', {
          method: 'POST',
          body: new URLSearchParams({ user: 'ada' }),
        });
        const selector = login.headers.getSetCookie()[0]?.split(/[=.]/)[1];
        const reads = async () => Number((await new Visitor(base).json(`/reads?of=${selector}`)).reads);
        for (let request = 1; request <= 2; request += 1) {
          const before = await reads();
          const { user, again } = await visitor.page('/page');
          equal([user, again, (await reads()) - before], ['ada', 'ada', 2], `request ${request}`);
        }
      },
    },
    {
      name: 'a server action signs in and redirects, with one cookie',
      async run() {
        const visitor = new Visitor(base);
        const login = await submit(visitor, 'login', { user: 'ada' });
        equal([login.status, login.headers.getSetCookie().length], [303, 1]);
        equal(pick(await visitor.page('/page')), ['ada', 'from an action']);
        // The page of docs/start.md, whose text React parts by comments.
        equal(
          /id="start">(.*?)<\/p>/
            .exec(await (await visitor.send('/start')).text())?.[1]
            ?.replaceAll('<!-- -->', ''),
          'Counted 0, ada',
        );
      },
    },
    {
      name: 'what an action wrote is seen by the page that the same request renders',
      async run() {
        const visitor = new Visitor(base);
        const html = await (await submit(visitor, 'note-form', { note: 'anonymous' })).text();
        equal(/id="note">([^<]*)/.exec(html)?.[1], 'anonymous');
        await submit(visitor, 'login', { user: 'ada' });
        const after = await (await submit(visitor, 'note-form', { note: 'second' })).text();
        equal(/id="note">([^<]*)/.exec(after)?.[1], 'second');
      },
    },
    {
      name: 'an action that throws drops what it wrote',
      async run() {
        const visitor = new Visitor(base);
        await submit(visitor, 'login', { user: 'ada' });
        equal((await submit(visitor, 'fail', {})).status, 500);
        equal(pick(await visitor.page('/page')), ['ada', 'from an action']);
      },
    },
    {
      name: 'an action signs out, of a copied cookie too',
      async run() {
        const visitor = new Visitor(base);
        await submit(visitor, 'login', { user: 'ada' });
        const thief = visitor.copy();
        await submit(visitor, 'logout', {});
        equal([(await thief.page('/page')).user, (await visitor.page('/page')).user], ['nobody', 'nobody']);
      },
    },
    {
      name: 'the proxy refuses a forged action',
      async run() {
        const visitor = new Visitor(base);
        await submit(visitor, 'login', { user: 'ada' });
        const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
        equal((await submit(visitor, 'logout', {}, headers)).status, 403);
        equal((await visitor.page('/page')).user, 'ada');
      },
    },
    {
      name: 'a visitor who only reads pages is renewed by the proxy, and a page is its visitor’s alone',
      async run() {
        const visitor = new Visitor(base);
        await submit(visitor, 'login', { user: 'ada' });
        const first = Number((await visitor.page('/page')).expires);
        equal(Number((await visitor.page('/page')).expires) > first, true);
        const { headers } = await visitor.send('/page', { headers: { origin: 'https://spa.example.com' } });
        equal(/private|no-cache|no-store/.test(headers.get('cache-control') ?? ''), true);
        equal(headers.get('access-control-allow-origin'), null, 'a page is granted to no other origin');
      },
    },
  ];
}

const pick = ({ user, note }: Record<string, string>) => [user, note];

/** Submits a form of the page as a browser without JavaScript does. */
async function submit(
  visitor: Visitor,
  id: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const html = await (await visitor.send('/page')).text();
  const form = new RegExp(`<form[^>]*id="${id}"[^>]*>(.*?)</form>`, 's').exec(html)?.[1] ?? '';
  const body = new FormData();
  for (const [, attributes = ''] of form.matchAll(/<input([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1] ?? '';
    body.set(name, fields[name] ?? /value="([^"]*)"/.exec(attributes)?.[1] ?? '');
  }
  return visitor.send('/page', { method: 'POST', body, headers });
}
