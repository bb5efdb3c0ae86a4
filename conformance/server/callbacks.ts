import { type Case, equal } from '../case.ts';
import { type App, type Host, own } from './app.ts';
import { type Visit, visiting } from './visitor.ts';

const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://idp.test' };
/** Of a browser from before 2020, and after a redirect from somewhere that tells nobody. */
const olderBrowsers = [
  { 'sec-fetch-site': '', origin: 'https://idp.test' },
  { 'sec-fetch-site': '', origin: 'null' },
];

/** What other sites post: the answers of identity providers (form_post, SAML), which come without a Lax cookie. */
export function callbacks(host: Host): Case[] {
  const check = (
    name: string,
    run: (visit: Visit) => Promise<void>,
    options?: Partial<App['options']>,
  ): Case => ({
    name,
    run: () =>
      visiting(host, run, { csrf: { exempt: ['POST /note', 'POST /login', 'POST /logout'] }, ...options }),
  });

  return [
    check(
      'S156: a POST of another site without our cookie begins no anonymous session, and sends no cookie for one',
      async (visit) => {
        await visit.send('POST /login');
        for (const headers of [elsewhere, ...olderBrowsers]) {
          visit.calls.length = 0;
          visit.events.length = 0;
          const response = await visit.sendWith('', 'POST /note?text=theirs', headers);
          equal([response.status, response.headers.getSetCookie()], [200, []], JSON.stringify(headers));
          equal(visit.calls, [], 'store calls');
          const reported = visit.events.map(({ type, path }) => [type, path]);
          equal(reported, [['cross-site-write', '/note']], 'events');
        }
        equal(await (await visit.send('GET /me')).json(), { user: 'ada' }, 'who is signed in');
      },
    ),
    check('S156: a login there works: it replaces who was signed in, and is an event', async (visit) => {
      await visit.send('POST /login');
      visit.events.length = 0;
      const response = await visit.sendWith('', 'POST /login?user=grace', elsewhere);
      equal([response.status, response.headers.getSetCookie().length], [200, 1], 'the answer');
      equal(await (await visit.send('GET /me')).json(), { user: 'grace' }, 'who is signed in');
      const reported = visit.events.map((event) => [
        event.type,
        event.type === 'cross-site-login' && event.user,
      ]);
      equal(reported, [['cross-site-login', 'grace']], 'events');
    }),
    check('a login there that fails is dropped, and no event of a login', async (visit) => {
      const response = await visit.sendWith('', 'POST /login?end=crash', elsewhere);
      equal([response.status, response.headers.getSetCookie()], [500, []], 'the answer');
      const types = visit.events.map(({ type }) => type);
      equal([types.includes('cross-site-login'), types.includes('writes-dropped')], [false, true], 'events');
    }),
    check('a logout there of nobody does nothing', async (visit) => {
      const response = await visit.sendWith('', 'POST /logout', elsewhere);
      equal([response.status, response.headers.getSetCookie(), visit.events], [200, [], []], 'the answer');
    }),
    check(
      'where the cookie comes, or the page is ours, or a program asks, sessions begin as ever',
      async (visit) => {
        const ours = [
          { 'sec-fetch-site': 'same-origin' },
          { 'sec-fetch-site': 'same-site', origin: 'https://www.example.test' },
          { 'sec-fetch-site': 'none' },
          { 'sec-fetch-site': '' },
          { 'sec-fetch-site': '', origin: own },
        ];
        for (const headers of ours) {
          const response = await visit.sendWith('', 'POST /note?text=a', headers as never);
          equal(response.headers.getSetCookie().length, 1, JSON.stringify(headers));
        }
        await visit.send('POST /note?text=b', elsewhere);
        equal(await (await visit.send('GET /note')).json(), { note: 'b' }, 'with the cookie');
        const dead = await visit.sendWith('__Host-session=x', 'POST /note?text=c', elsewhere);
        equal(dead.headers.getSetCookie().length, 1, 'a cookie that is worth nothing came all the same');
        equal(visit.events, [], 'events');
      },
    ),
  ];
}
