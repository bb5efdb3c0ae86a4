import { expect, it } from 'vitest';
import { complaint } from '../tools/test/odd-arguments.ts';
import { hallpass as express } from './adapters/express.ts';
import { hallpass as fastify } from './adapters/fastify.ts';
import { hallpass as h3 } from './adapters/h3.ts';
import { hallpass as hono } from './adapters/hono.ts';
import { hallpass as nodeHallpass } from './adapters/node.ts';
import { createClient } from './client/index.ts';
import { undiciTransport } from './client/undici/index.ts';
import { defineCookie } from './cookie/define.ts';
import { parseCookieHeader } from './cookie/header.ts';
import { journeys } from './cookie/journeys.ts';
import { serializeSetCookie } from './cookie/set-cookie.ts';
import { CookieJar } from './jar/index.ts';
import { admit } from './scope/admit.ts';
import { honor } from './scope/honor.ts';
import { release } from './scope/release.ts';
import { generateKey, keyRing, seal } from './seal/index.ts';
import { pipeline, type RequestContext } from './server/index.ts';
import { createSessions, signInThrottle } from './session/index.ts';
import { memoryStore } from './store/memory/index.ts';
import { testClock } from './testing/index.ts';
import { trustingTransport } from './testing/lab/transport.ts';
import { createTokens } from './tokens/index.ts';

/* Misuse that no list of odd arguments finds, because what is wrong lies deeper: it has a sentence of ours all the same. */

const ring = keyRing(generateKey());
const store = memoryStore();
const sessions = createSessions({ store });
const url = 'https://a.example.com/';
const tokenOptions = { store, keys: ring, issuer: url, audience: url };
const tokens = createTokens(tokenOptions);
const definition = defineCookie('theme');
const hop = { url, method: 'GET', initiator: 'program', time: 0 };
const incoming = { method: 'POST', hasCookie: true };
const cookie = { name: 'a', value: '1' };
const stored = { ...cookie, domain: 'a.example.com', path: '/' };
const token = { name: 'authorization', for: url };
/** Names that other libraries have for what is counted. */
const [max, limit] = [5, 5];
const transport = async () => new Response('ok');
const standard = { version: 1, vendor: 'test' };
const circular: Record<string, unknown> = {};
circular.self = circular;

async function contextOf(): Promise<RequestContext> {
  return new Promise((resolve) => {
    const handler = pipeline({ sessions, tokens, onWarning: false })((_, context) => {
      resolve(context as RequestContext);
      return new Promise(() => {}); // The request goes on: its cookies can be set.
    });
    void handler(new Request(url));
  });
}

it.each<[title: string, run: () => unknown]>([
  ['a credential that is none', () => createClient({ credentials: [null] } as never)],
  ['a transport that gives nothing', () => createClient({ transport: (async () => {}) as never }).get(url)],
  [
    'a body that was read before',
    async () => {
      const asked = createClient({ transport }).get(url);
      expect(await asked.text()).toBe('ok');
      await asked.json();
    },
  ],
  ['a delay that no signal ends', () => testClock().delay(1, {} as never)],
  ['a transport of the lab without a request', () => trustingTransport('')(undefined as never)],
  ['a scope that is none', () => release({ name: 'authorization', for: undefined } as never, hop as never)],
  [
    'a hop without an initiator',
    () => new CookieJar().select(url, { ...hop, initiator: undefined } as never),
  ],
  ['a request without headers', () => sessions.open({ headers: undefined } as never)],
  ['a request for its Cookie header', () => parseCookieHeader(new Request(url) as never)],
  ['a former cookie that is none', () => defineCookie('theme', { former: [null] } as never)],
  ['cookies by name', async () => (await contextOf()).cookies.get('theme' as never)],
  ['claims with a BigInt', () => tokens.issueBearer('ada', { big: 1n })],
  ['sealed data with a BigInt', () => seal(ring, 'purpose', { big: 1n })],
  ['a call whose json holds itself', () => createClient({ transport }).post(url, { json: circular })],
  ['a cookie of JSON with a BigInt', () => defineCookie('a', { format: 'json' }).serialize({ big: 1n })],
  ['keys that are none', () => createTokens({ ...tokenOptions, keys: [null] } as never)],
  ['a store with half of its methods', () => createSessions({ store: { read() {} } } as never)],
  [
    'a store of tokens with half of them',
    () => createTokens({ ...tokenOptions, store: { read() {} } } as never),
  ],
  ['existing cookies that are none', () => admit({ name: 'a', value: '1' }, hop as never, [null] as never)],
  [
    'an adopted session that is none',
    () => createSessions({ store, adopt: (() => 'ada') as never }).open(null),
  ],
  [
    'data in the place of session.data',
    async () => {
      ((await sessions.open(null)) as { data: unknown }).data = {};
    },
  ],
  ['a header that is no text', () => sessions.open({ get: () => 3 } as never)],
  [
    'a schema that answers nothing',
    () =>
      defineCookie('a', { schema: { '~standard': { ...standard, validate: () => null } } as never }).read(
        'a=1',
      ),
  ],
  [
    'a codec that encodes to nothing',
    () =>
      defineCookie('a', {
        codec: { encode: async () => null as never, decode: async () => undefined },
      }).serialize('1'),
  ],
  [
    'a method without its context',
    async () => {
      const { session } = await contextOf();
      await session();
    },
  ],
  [
    'a sign-out of somebody else',
    async () => (await contextOf()).tokens.revoke(...([{ user: 'ada' }] as unknown as [])),
  ],
  [
    'an Express middleware without its request',
    () => express({ sessions })(undefined as never, {} as never, () => {}),
  ],
  ['a Hono middleware without its request', () => hono({ sessions })(undefined as never, async () => {})],
  ['a middleware of h3 without its event', () => h3({ sessions })(undefined as never)],
  ['a plugin of Fastify without its app', () => fastify({ sessions })(undefined as never, {}, () => {})],
  ['a request that came no way', () => nodeHallpass({ sessions }).session({} as never)],
])('%s is a TypeError in our own words', async (title, run) => {
  expect(await complaint(title, run)).toEqual([]);
  await expect((async () => run())()).rejects.toThrow(TypeError);
});

it.each<[title: string, run: () => unknown, meant: string]>([
  ['pipeline', () => pipeline({ origin: [] } as never), 'origins'],
  ['csrf', () => pipeline({ csrf: { trusted: [] } } as never), 'csrf.trust'],
  ['hallpass of a framework', () => nodeHallpass({ trustproxy: '10.0.0.1' } as never), 'trustProxy'],
  ['createClient', () => createClient({ baseURL: url } as never), 'baseUrl'],
  [
    'redirect',
    () => createClient({ redirect: { max } } as never),
    'redirect.maxRedirects or redirect.maxWait',
  ],
  ['retry', () => createClient({ retry: { limit } } as never), 'retry.maxRetries or retry.maxDelay'],
  ['client.with', () => createClient().with({ credential: [] } as never), 'credentials'],
  ['undiciTransport', () => undiciTransport({ gard: true } as never), 'guard'],
  ['defineCookie', () => defineCookie('theme', { httponly: false } as never), 'httpOnly'],
  ['createSessions', () => createSessions({ store, grace: '60s' } as never), 'rotationGrace'],
  [
    'session cookies',
    () => createSessions({ store, cookie: { samesite: 'lax' } } as never),
    'cookie.sameSite',
  ],
  [
    'createTokens',
    () => createTokens({ ...tokenOptions, cookie: { refesh: {} } } as never),
    'cookie.refresh',
  ],
  ['signInThrottle', () => signInThrottle({ store, peruser: {} } as never), 'perUser'],
  ['memoryStore', () => memoryStore({ max } as never), 'maxRows'],
  ['CookieJar', () => new CookieJar({ limits: { perSite: 1 } } as never), 'limits.maxPerSite'],
  [
    'serializeSetCookie',
    () => serializeSetCookie({ name: 'a', value: '1', http_only: true } as never),
    'httpOnly',
  ],
])('%s refuses an option that it does not know, and says which was meant', (_, run, meant) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(new RegExp(`^.+ has no option [\\w.]+: write ${meant}`));
});

it.each<[title: string, run: () => unknown, meant: string]>([
  ['honor', () => honor({ ...incoming, secfetchSite: 'none' } as never, { origins: [url] }), 'secFetchSite'],
  ['admit, of a cookie', () => admit({ ...cookie, samesite: 'lax' } as never, hop as never), 'sameSite'],
  ['admit, of a hop', () => admit(cookie, { ...hop, navigaton: true } as never), 'navigation'],
  [
    'admit, of what exists',
    () => admit(cookie, hop as never, [{ ...cookie, hostonly: true } as never]),
    'hostOnly',
  ],
  ['release, of a credential', () => release({ ...token, onecall: true } as never, hop as never), 'oneCall'],
  [
    'release, of a cookie',
    () => release({ ...stored, partitioned: true } as never, hop as never),
    'partition',
  ],
  [
    'release, of a page',
    () => release(token, { ...hop, initiator: { page: url, frame: [] } } as never),
    'frames',
  ],
  ['journeys', () => journeys({ ...cookie, max_age: 1 } as never), 'maxAge'],
  ['jar.set', () => new CookieJar().set('a=1', url, { ...hop, Script: true } as never), 'script'],
])('%s refuses a fact that it does not know, and says which was meant', (_, run, meant) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(new RegExp(`^.+ has no fact \\w+: write ${meant}\\.$`));
});

it.each([
  ['a promise', async () => ['marketing']],
  ['one word', () => 'marketing'],
  ['nothing', () => undefined],
])('purposes of consent that are %s fail the request in our own words', async (_, purposes) => {
  const errors: unknown[] = [];
  const handle = pipeline({
    consent: { purposes: purposes as never },
    onEvent: (event) => void (event.type === 'failed' && errors.push(event.error)),
  })((_, { cookies }) => {
    cookies.set(definition, 'dark');
    return {};
  });
  expect((await handle(new Request(url))).status).toBe(500);
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(/^consent\.purposes/) })]);
});

it('what was taken off its object, copied or put behind a Proxy says where it belongs', async () => {
  const { cookies } = await contextOf();
  const { set } = cookies;
  const sentence =
    'set was taken off its object: write context.cookies.set(…), not const { set } = context.cookies, and pass on the object itself, no copy or Proxy of it.';
  for (const run of [
    () => set(definition, 'dark'),
    () => new Proxy(cookies, {}).set(definition, 'dark'),
    () => Object.create(cookies).set(definition, 'dark'),
  ]) {
    expect(run).toThrow(new TypeError(sentence));
  }
  const session = await sessions.open(null);
  expect(() => Object.create(session).user).toThrow(/^user was taken off its object: write session\.user, /);
  expect([set.name, set.length, session.login.length]).toEqual(['set', 3, 1]);
});
