import type { LintFinding } from 'hallpass';
import { type Case, equal } from '../case.ts';
import { type Host, own } from './app.ts';
import { type Visit, visiting } from './visitor.ts';

const ends = [
  ['an answer', '', 200],
  ['a redirect', 'redirect', 302],
  ['a refusal', 'refusal', 401],
  ['an uncaught throw', 'crash', 500],
] as const;

const cors = { origins: ['https://other.example.test'], credentials: true };

/** What reaches the client, whatever becomes of the handler. */
export function outcomes(host: Host): Case[] {
  return [
    ...ends.map(
      ([title, end, status]): Case => ({
        name: `S59: a cookie survives ${title}, and so do the CORS headers`,
        run: () =>
          visiting(
            host,
            async ({ send, cookies }) => {
              const origin = 'https://other.example.test';
              const response = await send(`POST /theme?theme=dark&end=${end}`, { origin });
              equal(response.status, status, 'status');
              equal(response.headers.getSetCookie().length, 1, 'lines for one cookie that was set twice');
              equal(cookies.get('theme'), 'dark', 'the cookie');
              equal(response.headers.get('access-control-allow-origin'), origin, 'allowed origin');
              const location = response.headers.get('location');
              const target = location && new URL(location, own).pathname;
              equal(target, end === 'redirect' ? '/elsewhere' : null, 'Location');
              equal((await response.text()).includes('secret'), false, 'details in the answer');
            },
            { cors },
          ),
      }),
    ),
    ...[undefined, cors].map(
      (policy): Case => ({
        name: `a cookie that a browser will drop is told, though nobody asked for anything of the visitor's${policy ? ', with CORS' : ''}`,
        async run() {
          const warnings: LintFinding[] = [];
          const onWarning = (warning: LintFinding) => void warnings.push(warning);
          const ask = ({ send }: Visit) => send('GET /dropped-cookie');
          const options = { onWarning, ...(policy && { cors: policy }) };
          await visiting(host, async (visit) => equal((await ask(visit)).status, 200, 'status'), options);
          equal(warnings.map(({ code }) => code).includes('none-without-secure'), true, 'warned');
        },
      }),
    ),
    {
      name: 'a cookie that was set is read back by the same request',
      run: () =>
        visiting(host, async ({ send }) => {
          equal(await (await send('POST /theme?theme=dark')).json(), { theme: 'dark' }, 'body');
          const later = await send('GET /theme');
          equal(await later.json(), { theme: 'dark' }, 'body of the next request');
          equal(later.headers.get('vary'), 'Cookie', 'Vary');
        }),
    },
    {
      name: 'S85, S91: plain data is JSON with its Content-Type, and carries the cookie',
      run: () =>
        visiting(host, async ({ send, cookies }) => {
          const response = await send('GET /json-with-cookie');
          equal(response.status, 200, 'status');
          equal(
            /^application\/json\b/.test(response.headers.get('content-type') ?? ''),
            true,
            'Content-Type',
          );
          equal(await response.json(), { message: 'Cookie set in JSON response' }, 'body');
          equal(cookies.get('theme'), 'dark', 'the cookie');
        }),
    },
    {
      name: 'X6: of two session cookies the first counts, and there is an event',
      run: () =>
        visiting(host, async ({ send, sendWith, cookie, cookies, events }) => {
          await send('POST /login?user=mallory');
          const tossed = cookie();
          cookies.clear();
          await send('POST /login?user=ada');
          events.length = 0;
          const response = await sendWith(`${cookie()}; ${tossed}`, 'GET /me');
          equal(await response.json(), { user: 'ada' }, 'body');
          const reasons = events.map((event) =>
            event.type === 'ambiguous-cookies'
              ? event.reasons.map(({ code, facts }) => [code, facts])
              : event.type,
          );
          equal(reasons, [[['duplicate-cookie', { name: '__Host-session' }]]], 'events');
        }),
    },
    {
      name: 'S128: the answer that signs a user out, and no other, clears what the policy says, and the cookie itself',
      run: () =>
        visiting(
          host,
          async ({ send, cookies }) => {
            const cleared = async (what: string) => (await send(what)).headers.get('clear-site-data');
            equal(await cleared('POST /logout'), null, 'logout of nobody');
            equal(await cleared('POST /login'), null, 'login');
            equal(await cleared('GET /me'), null, 'a page');
            equal(await cleared('POST /logout'), '"cache", "storage"', 'logout');
            equal([...cookies], [], 'cookies');
            await send('POST /login');
            equal(await cleared('POST /logout?end=crash'), '"cache", "storage"', 'a logout that crashed');
          },
          { clearSiteData: ['cache', 'storage'] },
        ),
    },
    {
      name: 'S128: without that policy a logout expires its cookie and clears nothing else',
      run: () =>
        visiting(host, async ({ send }) => {
          await send('POST /login');
          const { headers } = await send('POST /logout');
          equal(headers.get('clear-site-data'), null, 'Clear-Site-Data');
          equal(/Max-Age=0/.test(headers.getSetCookie().join()), true, 'Set-Cookie');
        }),
    },
    {
      name: 'a login survives a redirect',
      run: () =>
        visiting(host, async ({ send }) => {
          equal((await send('POST /login?end=redirect')).status, 302, 'status');
          equal(await (await send('GET /me')).json(), { user: 'ada' }, 'body');
        }),
    },
    {
      name: 'an uncaught throw drops a login',
      run: () =>
        visiting(host, async ({ send, cookies }) => {
          equal((await send('POST /login?end=crash')).status, 500, 'status');
          equal([...cookies], [], 'cookies');
          equal(await (await send('GET /me')).json(), { user: null }, 'body');
        }),
    },
    {
      name: 'an uncaught throw drops what was written',
      run: () =>
        visiting(host, async ({ send }) => {
          await send('POST /login');
          await send('POST /note?text=kept');
          equal((await send('POST /note?text=lost&end=crash')).status, 500, 'status');
          equal(await (await send('GET /note')).json(), { note: 'kept' }, 'body');
        }),
    },
    {
      name: 'an uncaught throw keeps a logout',
      run: () =>
        visiting(host, async ({ send, sendWith, cookie, cookies }) => {
          await send('POST /login');
          const old = cookie();
          equal((await send('POST /logout?end=crash')).status, 500, 'status');
          equal([...cookies], [], 'cookies');
          equal(await (await sendWith(old, 'GET /me')).json(), { user: null }, 'the old cookie');
        }),
    },
    {
      name: 'an uncaught throw keeps a rotation',
      run: () =>
        visiting(host, async ({ send, cookie }) => {
          await send('POST /login');
          const old = cookie();
          equal((await send('POST /rotate?end=crash')).status, 500, 'status');
          equal(cookie() === old, false, 'the same cookie');
          equal(await (await send('GET /me')).json(), { user: 'ada' }, 'body');
        }),
    },
    ...(['bad-gateway', 'failure-in-200'] as const).map(
      (end): Case => ({
        name: `S157: a handler that answers its own failure (${end}) keeps no login and no writes, and it is told`,
        run: () =>
          visiting(host, async ({ send, events, calls, cookies }) => {
            await send(`POST /login?end=${end}`);
            await send(`POST /note?text=x&end=${end}`);
            equal(calls, [], 'store calls');
            equal(cookies.size, 0, 'cookies');
            const status = end === 'bad-gateway' ? 502 : 200;
            const reported = events.map(
              (event) => event.type === 'writes-dropped' && [event.path, event.status],
            );
            equal(
              reported,
              [
                ['/login', status],
                ['/note', status],
              ],
              'events',
            );
            await send('POST /login');
            await send(`POST /logout?end=${end}`);
            equal(await (await send('GET /me')).json(), { user: null }, 'a logout is kept');
          }),
      }),
    ),
    {
      name: 'a handler that answers 502 on purpose keeps what it wrote',
      run: () =>
        visiting(host, async ({ send, events }) => {
          equal((await send('POST /login?end=bad-gateway&keep=1')).status, 502, 'status');
          equal(await (await send('GET /me')).json(), { user: 'ada' }, 'the login');
          equal(events, [], 'events');
        }),
    },
    {
      name: 'what was written to a session that ended meanwhile is a 409, not a 2xx',
      run: () =>
        visiting(host, async ({ send, app, store }) => {
          await send('POST /login');
          const { patch } = store;
          store.patch = async (...given) => {
            await app.options.sessions.revokeAll('ada');
            return patch.apply(store, given);
          };
          const response = await send('POST /note?text=late');
          equal(response.status, 409, 'status');
          equal((await response.json()).error, 'session-gone', 'error');
        }),
    },
  ];
}
