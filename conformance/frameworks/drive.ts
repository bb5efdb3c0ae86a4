import { type Case, equal } from '../case.ts';
import { type Dialect, plain } from './dialect.ts';
import { Visitor } from './visitor.ts';

const spa = 'https://spa.example.com';
const evil = 'https://evil.example';
const form = (user: string) => ({ method: 'POST', body: new URLSearchParams({ user }) });

/** What an app has otherwise than most. */
export interface Ways {
  /** Default: routes. */
  readonly dialect?: Dialect;
  /** Status of an operation that fails. Default: 500. */
  readonly failed?: number;
  /** Status of what is for users, to a stranger. Default: 401, with the sentence of the error. */
  readonly refused?: number;
  /** How a stream arrives, where there is one. Default: in pieces. */
  readonly stream?: 'in pieces' | 'whole' | 'never';
}

/**
 * What an app of every framework does that serves `/api/me`, `login`, `logout`, `redirect`, `boom` and `sse` behind hallpass
 * (apps/): the same of each, over its real server. Nothing here knows which one it is.
 */
export function drive(
  base: string,
  { dialect = plain, failed = 500, refused = 401, stream = 'in pieces' }: Ways = {},
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
        const lines = login.headers.getSetCookie();
        equal([login.status < 400, lines.length], [true, 1]);
        const attributes = (lines[0] ?? '').split('; ').slice(1);
        for (const one of ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'])
          equal(attributes.includes(one), true, one);
        equal(
          attributes.some((one) => one.startsWith('Domain=')),
          false,
          'Domain',
        );
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
        const starts = namesOf(headers);
        if (dialect !== plain) return equal(starts, ['theme']); // No procedure redirects.
        equal([status >= 301 && status <= 308, headers.get('location')?.endsWith('/api/me')], [true, true]);
        equal(
          ['own', 'theme'].every((name) => starts.includes(name)),
          true,
        );
      },
    },
    {
      name: 'an error keeps cookies and CORS, and drops what was written, and a login',
      async run() {
        for (const visitor of [stranger(), await signedIn()]) {
          const before = (await visitor.json('/api/me')).user;
          const { status, headers } = await visitor.send('/api/boom', { headers: { origin: spa } });
          equal([status, headers.get('access-control-allow-origin')], [failed, spa]);
          equal(namesOf(headers), ['theme']);
          const after = await visitor.json('/api/me');
          equal([after.user, after.boomed ?? null], [before, null]);
        }
      },
    },
    {
      name: `a page for users is ${refused} to a stranger${refused === 401 ? ', and says so' : ''}`,
      async run() {
        const answer = await stranger().send('/api/private');
        const saysWhy = (await answer.text()).includes('Sign in first.');
        equal([answer.status, saysWhy], [refused, refused === 401]);
        equal((await (await signedIn()).json('/api/private')).user, 'ada');
      },
    },
    {
      name: 'a forged POST is refused, and nobody is signed in by it',
      async run() {
        const visitor = stranger();
        await visitor.send('/api/redirect'); // So that a cookie comes along.
        const headers = { origin: evil, 'sec-fetch-site': 'cross-site' };
        const forged = await visitor.send('/api/login', { ...form('eve'), headers });
        equal([forged.status, forged.headers.getSetCookie()], [403, []]);
        equal((await visitor.json('/api/me')).user, null);
      },
    },
    {
      name: 'a forged POST of JSON, which frameworks with a check of their own let in, is refused by ours',
      async run() {
        const visitor = await signedIn();
        const headers = { origin: evil, 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
        const forged = await visitor.send('/api/logout', { method: 'POST', body: '{}', headers });
        equal([forged.status, (await forged.text()).includes('(Sec-Fetch-Site: cross-site)')], [403, true]);
        equal((await visitor.json('/api/me')).user, 'ada');
      },
    },
    {
      name: 'CORS: a preflight, and an answer with credentials, each header once; to no other origin',
      async run() {
        const visitor = await signedIn();
        const asked = {
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        };
        for (const [origin, allowed] of [
          [spa, spa],
          [evil, null],
        ] as const) {
          const preflight = await visitor.send('/api/me', {
            method: 'OPTIONS',
            headers: { ...asked, origin },
          });
          equal([preflight.status, namesOf(preflight.headers)], [204, []]);
          const answer = await visitor.send('/api/me', { headers: { origin } });
          for (const { headers } of [preflight, answer]) {
            equal(headers.get('access-control-allow-origin'), allowed);
            equal(headers.get('access-control-allow-credentials'), allowed && 'true');
          }
          const methods = preflight.headers.get('access-control-allow-methods')?.split(', ');
          const names = preflight.headers.get('access-control-allow-headers')?.split(', ');
          const lists = [methods?.includes('PUT') ?? null, names?.includes('content-type') ?? null];
          equal(lists, allowed ? [true, true] : [null, null]);
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

/** The names of the cookies that an answer sets. */
const namesOf = (headers: Headers) => headers.getSetCookie().map((line) => line.split('=')[0]);
