import { generateKey, keyRing } from 'hallpass/seal';
import type { CorsPolicy, CsrfPolicy } from 'hallpass/server';
import { type Case, equal } from '../case.ts';
import type { Host } from './app.ts';
import { type Visit, visiting } from './visitor.ts';

const listed = 'https://front.example.test';
const policy: CorsPolicy = {
  origins: [listed],
  credentials: true,
  exposeHeaders: ['X-Total'],
  maxAge: '10m',
};

const lookalikes = [
  'http://front.example.test',
  'https://front.example.test:8443',
  'https://front.example.test:443',
  'https://FRONT.example.test',
  'https://front.example.test.evil.test',
  'https://evilfront.example.test',
  'https://front.example.test/',
  'https://front.example.test, https://evil.test',
  'null',
  '*',
];

/** Which pages of other origins may read the answers. Fetch §3.3. */
export function cors(host: Host): Case[] {
  const check = (name: string, run: (visit: Visit) => Promise<void>, cors: CorsPolicy = policy): Case => ({
    name,
    run: () => visiting(host, run, { cors }),
  });
  return [
    check('S131: a listed origin may read the answer, with cookies', async ({ send }) => {
      const { headers } = await send('GET /act', { origin: listed });
      equal(headers.get('access-control-allow-origin'), listed, 'allowed origin');
      equal(headers.get('access-control-allow-credentials'), 'true', 'credentials');
      equal(headers.get('access-control-expose-headers'), 'X-Total', 'exposed headers');
      equal(headers.get('vary'), 'Origin', 'Vary');
    }),
    check('S131, ASVS 3.4.2: origins are compared exactly with the listed ones', async ({ send }) => {
      for (const origin of lookalikes) {
        for (const what of ['GET /act', 'OPTIONS /act']) {
          const { headers } = await send(what, { origin, 'access-control-request-method': 'GET' });
          equal(headers.get('access-control-allow-origin'), null, `${what} from ${origin}`);
          equal(headers.get('access-control-allow-credentials'), null, `credentials for ${origin}`);
          equal(headers.get('vary')?.startsWith('Origin'), true, `Vary for ${origin}`);
        }
      }
    }),
    check(
      'the origins of a pattern, a function and an app may read the answer, each told its own name',
      async ({ send }) => {
        const allowed = async (origin: string) =>
          (await send('GET /act', { origin })).headers.get('access-control-allow-origin');
        const listed = ['https://pr-7.preview.test', 'tauri://localhost', 'https://shop-of-ada.test'];
        for (const origin of listed) equal(await allowed(origin), origin, origin);
        for (const origin of ['https://preview.test', 'https://shop-of-eve.test', 'tauri://evil', 'null']) {
          equal(await allowed(origin), null, origin);
        }
      },
      {
        origins: [
          'https://*.preview.test',
          'tauri://localhost',
          (origin) => origin === 'https://shop-of-ada.test',
        ],
        credentials: true,
      },
    ),
    check('an answer varies by Origin also when none was sent', async ({ send }) => {
      equal((await send('GET /act')).headers.get('vary'), 'Origin', 'Vary');
    }),
    check('a preflight is answered, reaches no handler and sets no cookie', async ({ send, calls }) => {
      await send('POST /login');
      calls.length = 0;
      const response = await send('OPTIONS /note', {
        origin: listed,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, x-evil',
      });
      equal(response.status, 204, 'status');
      equal(response.headers.get('access-control-allow-origin'), listed, 'allowed origin');
      equal(response.headers.get('access-control-allow-credentials'), 'true', 'credentials');
      equal(
        response.headers.get('access-control-allow-methods'),
        'GET, HEAD, POST, PUT, PATCH, DELETE',
        'methods',
      );
      equal(response.headers.get('access-control-allow-headers'), 'authorization, content-type', 'headers');
      equal(response.headers.get('access-control-max-age'), '600', 'max age');
      equal(
        response.headers.get('vary'),
        'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
        'Vary',
      );
      equal(response.headers.getSetCookie(), [], 'Set-Cookie');
      equal(calls, [], 'store calls');
    }),
    check(
      'a preflight that the browser will not follow is an event, and says what is not listed',
      async ({ send, events }) => {
        const ask = async (headers: Record<string, string>) => {
          events.length = 0;
          const asked = { origin: listed, 'access-control-request-method': 'PUT', ...headers };
          equal((await send('OPTIONS /note?secret', asked)).status, 204, 'status');
          return events.map((event) =>
            event.type === 'preflight-refused'
              ? [event.path, ...event.reasons.map(({ code, facts }) => [code, Object.values(facts ?? {})])]
              : [event.type],
          );
        };
        equal(
          await ask({ 'access-control-request-headers': 'Content-Type, authorization' }),
          [],
          'a good one',
        );
        equal(await ask({ 'access-control-request-method': 'HEAD' }), [], 'a safelisted method');
        const evil = 'https://evil.test';
        equal(await ask({ origin: evil }), [['/note', ['cors-origin', [evil]]]], 'another origin');
        equal(
          await ask({
            'access-control-request-method': 'PURGE',
            'access-control-request-headers': 'x-a,content-type,x-b',
          }),
          [['/note', ['cors-method', ['PURGE']], ['cors-header', ['x-a']], ['cors-header', ['x-b']]]],
          'a method and headers',
        );
      },
    ),
    check('an OPTIONS request that is no preflight is for the handler', async ({ send }) => {
      equal((await send('OPTIONS /act', { origin: listed })).status, 404, 'status');
    }),
    check(
      'S134: the headers stand on 401, 403, 404 and 500',
      async ({ send }) => {
        const failures = [
          ['GET /me?end=refusal', 401],
          ['POST /login', 403],
          ['GET /nowhere', 404],
          ['GET /me?end=crash', 500],
        ] as const;
        for (const [what, status] of failures) {
          const response = await send(what, { origin: listed, 'sec-fetch-site': 'cross-site' });
          equal(response.status, status, what);
          equal(response.headers.get('access-control-allow-origin'), listed, `allowed origin of ${what}`);
          equal(response.headers.get('vary')?.includes('Origin'), true, `Vary of ${what}`);
        }
      },
      { origins: [listed] },
    ),
    check('a listed origin with credentials may change state', async ({ send }) => {
      const response = await send('POST /login', { origin: listed, 'sec-fetch-site': 'cross-site' });
      equal(response.status, 200, 'status');
    }),
    check(
      'a listed origin without credentials may not',
      async ({ send }) => {
        const response = await send('POST /login', { origin: listed, 'sec-fetch-site': 'cross-site' });
        equal(response.status, 403, 'status');
        equal(response.headers.get('access-control-allow-origin'), listed, 'allowed origin of the refusal');
        equal(response.headers.getSetCookie(), [], 'Set-Cookie');
      },
      { origins: [listed] },
    ),
    check(
      'every origin, without credentials: one answer for all',
      async ({ send }) => {
        const { headers } = await send('GET /act', { origin: 'https://anybody.test' });
        equal(headers.get('access-control-allow-origin'), '*', 'allowed origin');
        equal(headers.get('access-control-allow-credentials'), null, 'credentials');
        equal(headers.get('vary'), null, 'Vary');
      },
      { origins: ['*'] },
    ),
    {
      name: 'where there are CSRF tokens, a page may send their header by default',
      run: async () => {
        const keys = keyRing(generateKey());
        const allowed = (csrf: CsrfPolicy, more: Partial<CorsPolicy> = {}) => {
          let headers: string | null = null;
          const visit = async ({ send }: Visit) => {
            const asked = { origin: listed, 'access-control-request-method': 'POST' };
            headers = (await send('OPTIONS /act', asked)).headers.get('access-control-allow-headers');
          };
          return visiting(host, visit, { cors: { ...policy, ...more }, csrf }).then(() => headers);
        };
        equal(await allowed({ keys }), 'authorization, content-type, x-csrf-token', 'by default');
        equal(
          await allowed({ keys, header: 'X-XSRF' }),
          'authorization, content-type, x-xsrf',
          'by its own name',
        );
        equal(await allowed({}), 'authorization, content-type', 'without tokens');
        equal(await allowed({ keys }, { allowHeaders: ['x-a'] }), 'x-a', 'what the policy lists, it lists');
      },
    },
    check(
      'S131: methods and headers may be whatever is asked for, as far as they are names',
      async ({ send }) => {
        const { headers } = await send('OPTIONS /act', {
          origin: listed,
          'access-control-request-method': 'PURGE',
          'access-control-request-headers': 'x-one, x two, x-three',
        });
        equal(headers.get('access-control-allow-methods'), 'PURGE', 'methods');
        equal(headers.get('access-control-allow-headers'), 'x-one, x-three', 'headers');
      },
      { origins: [listed], credentials: true, methods: ['*'], allowHeaders: ['*'] },
    ),
  ];
}
