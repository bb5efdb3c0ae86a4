import { type Case, equal } from '../case.ts';
import { type Dialect, plain } from './dialect.ts';
import { Visitor } from './visitor.ts';

const spa = 'https://spa.example.com';
const form = (user: string) => ({ method: 'POST', body: new URLSearchParams({ user }) });

/** What an app has otherwise than most. */
export interface Ways {
  /** Default: routes. */
  readonly dialect?: Dialect;
  /** Status of an operation that fails. Default: 500. */
  readonly failed?: number;
  /** How a stream arrives, where there is one. Default: in pieces. */
  readonly stream?: 'in pieces' | 'whole' | 'never';
}

/**
 * What an app of every framework does that serves `/api/me`, `login`, `logout`, `redirect`, `boom` and `sse` behind hallpass
 * (apps/): the same of each, over its real server. Nothing here knows which one it is.
 */
export function drive(
  base: string,
  { dialect = plain, failed = 500, stream = 'in pieces' }: Ways = {},
): Case[] {
  const stranger = () => new Visitor(base, dialect);
  const signedIn = async (user = 'ada') => {
    const visitor = stranger();
    await visitor.send('/api/login', form(user));
    return visitor;
  };
  const cases: Case[] = [
    {
      name: 'a login is one cookie, and its flash is shown once',
      async run() {
        const visitor = stranger();
        equal((await visitor.json('/api/me')).user, null);
        const login = await visitor.send('/api/login', form('ada'));
        equal([login.status < 400, login.headers.getSetCookie().length], [true, 1]);
        const first = await visitor.json('/api/me');
        equal([first.user, first.flash], ['ada', 'welcome']);
        equal((await visitor.json('/api/me')).flash ?? null, null);
      },
    },
    {
      name: 'what one visitor sees is kept by no shared cache',
      async run() {
        const { headers } = await (await signedIn()).send('/api/me');
        equal(['private, no-store', 'no-store'].includes(headers.get('cache-control') ?? ''), true);
        equal(/\bcookie\b/i.test(headers.get('vary') ?? ''), true);
      },
    },
    {
      name: 'parallel writes of one visitor all count',
      async run() {
        const visitor = await signedIn();
        const before = Number((await visitor.json('/api/me')).visits);
        await Promise.all(Array.from({ length: 10 }, () => visitor.json('/api/me')));
        equal((await visitor.json('/api/me')).visits, before + 11);
      },
    },
    {
      name: 'a redirect carries its cookie',
      async run() {
        const { status, headers } = await stranger().send('/api/redirect');
        const starts = headers.getSetCookie().map((line) => line.split('=')[0]);
        if (dialect !== plain) return equal(starts, ['theme']); // No procedure redirects.
        equal([status >= 301 && status <= 308, headers.get('location')?.endsWith('/api/me')], [true, true]);
        equal(
          ['own', 'theme'].every((name) => starts.includes(name)),
          true,
        );
      },
    },
    {
      name: 'an error keeps cookies and CORS, and drops what was written',
      async run() {
        const visitor = await signedIn();
        const { status, headers } = await visitor.send('/api/boom', { headers: { origin: spa } });
        equal([status, headers.get('access-control-allow-origin')], [failed, spa]);
        equal(
          headers.getSetCookie().some((line) => line.startsWith('theme=')),
          true,
        );
        equal((await visitor.json('/api/me')).boomed ?? null, null);
      },
    },
    {
      name: 'a page for users is 401 to a stranger, and says so',
      async run() {
        const refused = await stranger().send('/api/private');
        equal([refused.status, (await refused.text()).includes('Sign in first.')], [401, true]);
        equal((await (await signedIn()).json('/api/private')).user, 'ada');
      },
    },
    {
      name: 'a forged POST is refused, and nobody is signed in by it',
      async run() {
        const visitor = stranger();
        await visitor.send('/api/redirect'); // So that a cookie comes along.
        const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
        const forged = await visitor.send('/api/login', { ...form('eve'), headers });
        equal([forged.status, forged.headers.getSetCookie()], [403, []]);
        equal((await visitor.json('/api/me')).user, null);
      },
    },
    {
      name: 'CORS: a preflight, and an answer with credentials, each header once',
      async run() {
        const visitor = await signedIn();
        const asked = { origin: spa, 'access-control-request-method': 'PUT' };
        const preflight = await visitor.send('/api/me', { method: 'OPTIONS', headers: asked });
        const answer = await visitor.send('/api/me', { headers: { origin: spa } });
        for (const { headers } of [preflight, answer]) {
          equal(headers.get('access-control-allow-origin'), spa);
          equal(headers.get('access-control-allow-credentials'), 'true');
        }
      },
    },
    {
      name: `a stream arrives ${stream}`,
      async run() {
        const response = await (await signedIn()).send('/api/sse');
        const pieces: string[] = [];
        const decoder = new TextDecoder();
        for await (const piece of response.body ?? []) pieces.push(decoder.decode(piece));
        equal(
          [pieces.length >= (stream === 'whole' ? 1 : 3), /data: .*ada 3/.test(pieces.join(''))],
          [true, true],
        );
      },
    },
    {
      name: 'after a logout a copied cookie is nobody',
      async run() {
        const visitor = await signedIn();
        const thief = visitor.copy();
        equal((await thief.json('/api/me')).user, 'ada');
        equal((await visitor.send('/api/logout', { method: 'POST' })).status < 400, true);
        equal([(await thief.json('/api/me')).user, (await visitor.json('/api/me')).user], [null, null]);
      },
    },
  ];
  return cases.filter(({ name }) => name !== 'a stream arrives never');
}
