import { generateKey, keyRing } from 'hallpass/seal';
import type { PathPattern } from 'hallpass/server';
import { type Case, equal } from '../case.ts';
import { type Host, own } from './app.ts';
import { csrfTable, trusted } from './csrf-table.ts';
import { visiting } from './visitor.ts';
import { hono, web } from './web-hosts.ts';

/** Who may spend a visitor's cookies: the matrix through HTTP. */
export function csrf(host: Host): Case[] {
  const keys = keyRing(generateKey());
  // One rule decides on every host. Where a socket lies between, each two values together show that the host brings them to it.
  const wholly = host === web || host === hono;
  return [
    ...csrfTable.map(
      ({ title, expected, requests, pairs }): Case => ({
        name: `S81: ${title}`,
        run: () =>
          visiting(
            host,
            async ({ send, sendWith, cookie: own, events }) => {
              const tokens = { '': '', own: (await (await send('GET /csrf')).json()).token, forged: 'x.y.z' };
              for (const { method, site, origin, authorization, cookie, token } of wholly
                ? requests
                : pairs) {
                const headers = { 'sec-fetch-site': site, origin, authorization };
                const sent = { ...headers, 'x-csrf-token': tokens[token] };
                events.length = 0;
                const { status } = await sendWith(cookie && own(), `${method} /act`, sent);
                const [event] = events;
                const reason = event?.type === 'csrf-refused' ? event.reasons[0]?.code : 'pass';
                const what = JSON.stringify({ method, cookie, token, ...headers });
                equal([status, reason], [expected === 'pass' ? 200 : 403, expected], what);
              }
            },
            { csrf: { trust: [trusted], keys } },
          ),
      }),
    ),
    {
      name: 'a refusal is 403 csrf-refused, says why and varies by what decided it',
      run: () =>
        visiting(host, async ({ send, calls }) => {
          await send('POST /login');
          calls.length = 0;
          const response = await send('POST /note?text=forged', { 'sec-fetch-site': 'cross-site' });
          equal(response.status, 403, 'status');
          equal(
            await response.json(),
            {
              error: 'csrf-refused',
              message:
                'The request comes from a page that it does not name (Sec-Fetch-Site: cross-site), which is not in origins: add it there if its pages are yours.',
            },
            'body',
          );
          equal(response.headers.get('vary'), 'Sec-Fetch-Site, Origin', 'Vary');
          equal(calls, [], 'store calls');
        }),
    },
    {
      name: 'ASVS 3.5.1: a request that changes state is refused unless it comes from the application itself',
      run: () =>
        visiting(host, async ({ send, calls }) => {
          await send('POST /login');
          calls.length = 0;
          for (const site of ['cross-site', 'same-site']) {
            for (const what of ['POST /note?text=x', 'POST /logout', 'POST /nowhere', 'PATCH /nowhere']) {
              equal((await send(what, { 'sec-fetch-site': site })).status, 403, `${what}, ${site}`);
            }
          }
          equal(calls, [], 'store calls');
          equal(await (await send('GET /me')).json(), { user: 'ada' }, 'the session');
        }),
    },
    {
      name: 'ASVS 3.5.2: what a form of another site can send without a preflight changes nothing either',
      run: () =>
        visiting(host, async ({ send }) => {
          const types = [
            'application/x-www-form-urlencoded',
            'multipart/form-data; boundary=x',
            'text/plain',
            '',
          ];
          const foreign = [
            { 'sec-fetch-site': 'cross-site' },
            { 'sec-fetch-site': '', origin: 'https://evil.test' },
          ];
          for (const type of types) {
            for (const headers of foreign) {
              const response = await send('POST /form', { ...headers, 'content-type': type } as never, 'a=1');
              equal(response.status, 403, `${type} with ${JSON.stringify(headers)}`);
            }
          }
        }),
    },
    {
      name: 'ASVS 3.5.3: what changes state is reached by its own method alone, whatever a request says beside it',
      run: () =>
        visiting(host, async ({ send, calls }) => {
          const tricks = {
            'x-http-method-override': 'POST',
            'x-method-override': 'POST',
            'x-http-method': 'POST',
          };
          for (const what of ['GET /login?_method=POST', 'HEAD /login', 'GET /logout?_method=POST']) {
            equal((await send(what, { ...tricks, 'sec-fetch-site': 'cross-site' })).status, 404, what);
          }
          equal(calls, [], 'store calls');
        }),
    },
    {
      name: 'the mode report lets everything pass and tells what it would have refused',
      run: () =>
        visiting(
          host,
          async ({ send, events }) => {
            equal(
              (await send('POST /act?token=x', { 'sec-fetch-site': 'cross-site' })).status,
              200,
              'status',
            );
            const reported = events.map((event) => [event.type, event.method, event.path, typeof event.at]);
            equal(reported, [['csrf-refused', 'POST', '/act', 'number']], 'events');
            const [event] = events;
            equal(event?.type === 'csrf-refused' && event.enforced, false, 'enforced');
          },
          { csrf: { mode: 'report' } },
        ),
    },
    {
      name: 'an exempt route is named exactly; its neighbours and other spellings are judged',
      run: () =>
        visiting(
          host,
          async ({ send }) => {
            const crossSite = { 'sec-fetch-site': 'cross-site' };
            equal((await send('POST /act?x=/act', crossSite)).status, 200, 'the route');
            for (const what of ['PUT /act', 'POST /act/', 'POST /%61ct', 'POST /note', 'POST /note?/act']) {
              equal((await send(what, crossSite)).status, 403, what);
            }
          },
          { csrf: { exempt: ['POST /act'] } },
        ),
    },
    {
      name: 'S155: a family of routes is exempt by a pattern, and nothing that a router may take for another one',
      run: () =>
        visiting(
          host,
          async ({ send }) => {
            const crossSite = { 'sec-fetch-site': 'cross-site' };
            equal(
              (await send('POST /saml/acme/acs', crossSite)).status,
              404,
              'the family reaches its router',
            );
            for (const what of [
              'PUT /saml/acme/acs',
              'POST /saml/acme',
              'POST /act?/saml/acme/acs',
              'POST /act',
            ]) {
              equal((await send(what, crossSite)).status, 403, what);
            }
          },
          { csrf: { exempt: [{ method: 'POST', path: familyOf('/saml/:tenant/acs') }] } },
        ),
    },
    {
      name: 'without configured origins an Origin cannot be judged, and the refusal says what to configure',
      run: () =>
        visiting(
          host,
          async ({ sendWith }) => {
            const response = await sendWith('a=b', 'POST /act', { 'sec-fetch-site': '', origin: own });
            equal(response.status, 403, 'status');
            equal((await response.json()).message.includes('origins: ['), true, 'the fix in the message');
          },
          { origins: [] },
        ),
    },
    {
      name: 'S155: origins are named exactly, by a pattern, by a function or as an app’s, and nothing that looks alike is one',
      run: () =>
        visiting(
          host,
          async ({ send }) => {
            const from = async (origin: string) =>
              (await send('POST /act', { origin, 'sec-fetch-site': 'cross-site' })).status;
            const ours = [
              own,
              'https://t1.example.test',
              'https://b.t1.example.test',
              'capacitor://localhost',
            ];
            for (const origin of [...ours, 'https://shop-of-ada.test'])
              equal(await from(origin), 200, origin);
            const others = [
              'https://example.test',
              'http://t1.example.test',
              'https://t1.example.test:8443',
              'https://t1.example.test.evil.test',
              'capacitor://localhost.evil',
              'https://shop-of-eve.test',
              'null',
            ];
            for (const origin of others) equal(await from(origin), 403, origin);
          },
          {
            origins: [
              own,
              'https://*.example.test',
              'capacitor://localhost',
              (origin) => origin === 'https://shop-of-ada.test',
            ],
          },
        ),
    },
    {
      name: 'csrf: false judges nothing',
      run: () =>
        visiting(
          host,
          async ({ send }) => {
            equal((await send('POST /act', { 'sec-fetch-site': 'cross-site' })).status, 200, 'status');
          },
          { csrf: false },
        ),
    },
  ];
}

/** As `URLPattern`, which Node 22 does not have. */
function familyOf(pathname: string): PathPattern {
  const { URLPattern } = globalThis as { URLPattern?: new (init: { pathname: string }) => PathPattern };
  if (URLPattern !== undefined) return new URLPattern({ pathname });
  const pattern = new RegExp(`^${pathname.replace(/:\w+/g, '[^/]+')}$`);
  return { test: (input) => pattern.test(input.pathname) };
}
