import { CookieJar } from 'hallpass/jar';
import { type Case, equal } from '../case.ts';
import { type Host, own } from './app.ts';
import { visiting } from './visitor.ts';

/** A session from the first request to its end, through HTTP alone. */
export function sessionLife(host: Host): Case[] {
  return [
    {
      name: 'a request that never asks for the session never touches the store',
      run: () =>
        visiting(host, async ({ send, sendWith, cookie, calls }) => {
          await send('POST /login');
          calls.length = 0;
          const response = await sendWith(cookie(), 'GET /act');
          equal(calls, [], 'store calls');
          equal(response.headers.get('cache-control'), null, 'Cache-Control');
          equal(response.headers.get('vary'), null, 'Vary');
        }),
    },
    {
      name: 'an anonymous visitor costs no row and gets no cookie',
      run: () =>
        visiting(host, async ({ send, calls }) => {
          const response = await send('GET /me');
          equal(await response.json(), { user: null }, 'body');
          equal(response.headers.getSetCookie(), [], 'Set-Cookie');
          equal(calls, [], 'store calls');
        }),
    },
    {
      name: 'login is remembered, and a request that only reads costs one store read and emits no Set-Cookie',
      run: () =>
        visiting(host, async ({ send, calls }) => {
          const login = await send('POST /login?user=grace');
          equal(login.headers.getSetCookie().length, 1, 'lines at login');
          calls.length = 0;
          const response = await send('GET /me');
          equal(await response.json(), { user: 'grace' }, 'body');
          equal(response.headers.getSetCookie(), [], 'Set-Cookie');
          equal(calls, ['read'], 'store calls');
        }),
    },
    {
      name: 'X9: an answer that read or set a session is for nobody else, unless the handler chose',
      run: () =>
        visiting(host, async ({ send }) => {
          for (const what of ['GET /me', 'POST /login', 'GET /me', 'POST /logout']) {
            const { headers } = await send(what);
            equal(headers.get('cache-control'), 'private, no-store', `Cache-Control of ${what}`);
            equal(/\bCookie\b/.test(headers.get('vary') ?? ''), true, `Vary: Cookie of ${what}`);
          }
          const { headers } = await send('GET /public');
          equal(headers.get('cache-control'), 'private, max-age=60', 'the chosen Cache-Control');
          equal(headers.get('vary'), 'Accept-Language, Cookie', 'Vary');
        }),
    },
    {
      name: 'what is written is read again',
      run: () =>
        visiting(host, async ({ send }) => {
          await send('POST /login');
          await send('POST /note?text=hello');
          equal(await (await send('GET /note')).json(), { note: 'hello' }, 'body');
        }),
    },
    {
      name: 'ASVS 3.5.8: a page of another site that embeds what needs the session gets what a stranger gets',
      run: () =>
        visiting(host, async ({ send, sendWith }) => {
          const [line = ''] = (await send('POST /login')).headers.getSetCookie();
          const jar = new CookieJar();
          const url = `${own}/me`;
          jar.set(line, url);
          const hop = { url, method: 'GET', time: Date.now() };
          const embedded = jar.header(url, { ...hop, initiator: { page: 'https://evil.test/' } });
          const linked = jar.header(url, { ...hop, initiator: { page: own } });
          equal(await (await sendWith(embedded, 'GET /me')).json(), { user: null }, 'embedded elsewhere');
          equal(await (await sendWith(linked, 'GET /me')).json(), { user: 'ada' }, 'on a page of its own');
        }),
    },
    {
      name: 'S125: neither the user nor what was written stands in the cookie',
      run: () =>
        visiting(host, async ({ send, cookie }) => {
          await send('POST /login?user=ada-lovelace');
          await send('POST /note?text=confidential');
          const texts = [
            cookie(),
            ...cookie()
              .split(/[=.]/)
              .map((part) => readable(part)),
          ];
          for (const secret of ['ada-lovelace', 'confidential']) {
            equal(
              texts.some((text) => text.includes(secret)),
              false,
              `${secret} in the cookie`,
            );
          }
        }),
    },
    {
      name: 'rotate gives a new cookie, the old one is served for the grace and then is dead',
      run: () =>
        visiting(host, async ({ send, sendWith, cookie, clock }) => {
          await send('POST /login');
          const old = cookie();
          await send('POST /rotate');
          equal(cookie() === old, false, 'the same cookie');
          const late = await sendWith(old, 'GET /me');
          equal(await late.json(), { user: 'ada' }, 'inside the grace');
          clock.advance('2m');
          equal(await (await sendWith(old, 'GET /me')).json(), { user: null }, 'after the grace');
          equal(await (await send('GET /me')).json(), { user: 'ada' }, 'with the new cookie');
        }),
    },
    {
      name: 'S128: after logout the old cookie is nobody, whoever replays it',
      run: () =>
        visiting(host, async ({ send, sendWith, cookie, cookies }) => {
          await send('POST /login');
          const old = cookie();
          const logout = await send('POST /logout');
          equal(logout.status, 200, 'status');
          equal([...cookies], [], 'cookies left');
          for (const what of ['GET /me', 'POST /note?text=again', 'GET /me']) {
            equal(await (await sendWith(old, what)).json(), { user: null }, what);
          }
        }),
    },
    {
      name: 'a sign-in keeps what the browser calls itself, for the list of devices, and no more than 256 characters of it',
      run: () =>
        visiting(host, async ({ send, app }) => {
          await send('POST /login', { 'user-agent': `Browser/1.0 ${'x'.repeat(1_000)}` });
          const [device] = await app.options.sessions.list('ada');
          equal(device?.device, `Browser/1.0 ${'x'.repeat(244)}`, 'device');
        }),
    },
    {
      name: 'a session ends when it lies idle',
      run: () =>
        visiting(host, async ({ send, clock }) => {
          await send('POST /login');
          clock.advance('61m');
          equal(await (await send('GET /me')).json(), { user: null }, 'body');
        }),
    },
    {
      name: 'a page that asks again and again, quietly, keeps no session alive that nobody uses',
      run: () =>
        visiting(host, async ({ send, clock, calls }) => {
          await send('POST /login');
          calls.length = 0;
          for (let minute = 0; minute < 45; minute += 15) {
            clock.advance('15m');
            equal(await (await send('GET /poll')).json(), { user: 'ada' }, `after ${minute + 15} minutes`);
          }
          equal([...new Set(calls)], ['read'], 'store calls');
          clock.advance('15m');
          equal(await (await send('GET /poll')).json(), { user: null }, 'after an hour');
        }),
    },
    {
      name: 'requireUser refuses strangers with 401 and a stale sign-in with 403',
      run: () =>
        visiting(host, async ({ send, clock }) => {
          const stranger = await send('GET /me?end=refusal');
          equal(stranger.status, 401, 'status for a stranger');
          equal((await stranger.json()).error, 'unauthenticated', 'error');
          equal(stranger.headers.get('www-authenticate'), null, 'WWW-Authenticate');
          await send('POST /login');
          equal((await send('GET /me?end=refusal')).status, 200, 'status when fresh');
          clock.advance('6m');
          const stale = await send('GET /me?end=refusal');
          equal(stale.status, 403, 'status when stale');
          equal((await stale.json()).error, 'stale-authentication', 'error');
        }),
    },
    {
      name: 'any cookie value at all is an anonymous visitor, never a 500',
      run: () =>
        visiting(host, async ({ send, sendWith, cookies }) => {
          await send('POST /login');
          const [[name, value] = ['', '']] = cookies;
          const forged = [
            '',
            ';;;',
            '=',
            `${name}=`,
            `${name}`,
            `${name}=%`,
            `${name}=%00%ff`,
            `${name}=${value.slice(0, -1)}`,
            `${name}=${value}${value}`,
            `${name}=${'.'.repeat(5000)}`,
            `${name}=__proto__.x; ${name}=${value}`,
            `${name}="${value}`,
            `other=${value}`,
            `${name}=\u00e9\u00ff`,
          ];
          for (const cookie of forged) {
            const response = await sendWith(cookie, 'GET /me');
            equal(response.status, 200, `status for ${JSON.stringify(cookie)}`);
            equal(await response.json(), { user: null }, `body for ${JSON.stringify(cookie)}`);
            equal(response.headers.getSetCookie(), [], `Set-Cookie for ${JSON.stringify(cookie)}`);
          }
          equal(await (await send('GET /me')).json(), { user: 'ada' }, 'the session, untouched');
        }),
    },
  ];
}

/** What base64 may hide. */
function readable(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
