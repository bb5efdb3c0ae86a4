import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hallpass as nodeHallpass } from './adapters/node.ts';
import { bearer, createClient } from './client/index.ts';
import { undiciTransport } from './client/undici/index.ts';
import { defineCookie } from './cookie/define.ts';
import { serializeSetCookie } from './cookie/set-cookie.ts';
import { CookieJar } from './jar/index.ts';
import { generateKey, keyRing, sealed } from './seal/index.ts';
import { pipeline } from './server/index.ts';
import { createSessions, signInThrottle } from './session/index.ts';
import { memoryStore } from './store/memory/index.ts';
import { createTestClient, testClock } from './testing/index.ts';
import { createTokens } from './tokens/index.ts';

/*
 * Every public function, called with what it does not take: it works all the same, or throws a TypeError or a HallpassError
 * whose sentence is ours. The words of the engine ("Cannot read properties of undefined") tell nobody what to write instead.
 */

const odd: readonly unknown[] = [undefined, null, 3, 'x', {}];
const inWordsOfTheEngine =
  /^Cannot |is not (a function|iterable|a constructor|defined|an object)|^Invalid (URL|time)|^Class |must be (of type|an instance)|receiver|private field/;

const folder = mkdtempSync(join(tmpdir(), 'misuse-'));
const ring = keyRing(generateKey());
const store = memoryStore();
const sessions = createSessions({ store });
const tokenOptions = {
  store,
  keys: ring,
  issuer: 'https://a.example.com',
  audience: 'https://a.example.com',
};
const tokens = createTokens(tokenOptions);
const definition = defineCookie('theme');
const url = 'https://a.example.com/';
const hop = { url, method: 'GET', initiator: 'program', time: 0 };
const incoming = { method: 'POST', hasCookie: true };
const answer = () => new Response('ok');
const takeOver = () => undefined;
const transport = async () => new Response('ok');

/** Arguments with which each function works, by entry point. */
const functions: Record<string, Record<string, readonly unknown[]>> = {
  '.': {
    admit: [{ name: 'a', value: '1' }, hop, []],
    cookieHeaderOf: ['a=1'],
    cookieHeaderWarnings: ['a=1'],
    defineCookie: ['a', {}],
    honor: [incoming, { origins: [url] }],
    journeys: [{ name: 'a', value: '1' }, {}],
    lintDefinition: [definition, {}],
    lintSetCookie: ['a=1', {}],
    parseCookieHeader: ['a=1'],
    parseSetCookie: ['a=1'],
    readCookie: ['a=1', 'a'],
    release: [{ name: 'authorization', for: url }, hop],
    serializeSetCookie: [{ name: 'a', value: '1' }],
  },
  './jar': {
    CookieJar: [{}],
    readCookiesJson: [new CookieJar().export()],
    readCookiesTxt: [''],
    writeCookiesTxt: [new CookieJar()],
    writeStorageState: [new CookieJar()],
    writeToughCookies: [new CookieJar()],
  },
  './jar/file': { openJar: [join(folder, 'jar.json'), {}] },
  './client': {
    apiKey: ['x-key', 'secret', { for: url }],
    basic: ['ada', 'secret', { for: url }],
    bearer: ['token', { for: url }],
    createClient: [{}],
    credential: [{ name: 'a', for: url, attach: () => ({}) }],
    digest: ['ada', 'secret', { for: url }],
    fetchTransport: [{ url: 'http://127.0.0.1:1/', method: 'GET', headers: new Headers() }],
    netrc: ['machine a login b password c', {}],
    traceOf: [await createClient({ transport }).get(url)],
  },
  './client/undici': { undiciTransport: [{}] },
  './seal': {
    generateKey: [],
    keyRing: [generateKey()],
    open: [ring, 'purpose', 'hp1.a.b', {}],
    seal: [ring, 'purpose', { a: 1 }, {}],
    sealed: [ring],
    sign: [ring, 'purpose', { a: 1 }, {}],
    signed: [ring],
    verify: [ring, 'purpose', 'hs1.a.b', {}],
  },
  './session': {
    createSessions: [{ store }],
    sessionCounters: [],
    signInThrottle: [{ store, perUser: { attempts: 1, within: '60s' } }],
  },
  './adopt': {
    fromCookieSession: [{ keys: ['a'], takeOver }],
    fromExpressSession: [{ secret: 'a secret of tests', store: { get() {}, destroy() {} }, takeOver }],
    fromIronSession: [{ password: 'a password of at least 32 characters', cookieName: 'a', takeOver }],
    fromLucia: [{ find() {}, remove() {}, takeOver }],
    fromNextAuth: [{ secret: 'a', takeOver }],
    fromSecureSession: [{ sodium: { crypto_secretbox_open_easy() {} }, key: Buffer.alloc(32), takeOver }],
  },
  './tokens': {
    acceptBoth: [tokens, sessions],
    createTokens: [{ store, keys: ring, issuer: url, audience: url }],
    tokenCounters: [],
  },
  './stores/memory': { memoryRevocations: [{}], memoryStore: [{}] },
  './stores/sqlite': { sqliteRevocations: [':memory:'], sqliteStore: [':memory:', {}] },
  './stores/redis': { redisRevocations: [{}, {}], redisStore: [{}, {}] },
  './stores/d1': { d1Schema: [], d1Store: [{ prepare() {}, batch() {} }] },
  './stores/durable-object': {
    durableStore: [{ idFromName() {}, get() {} }, {}],
    SessionShard: [{ storage: {} }],
  },
  './stores/postgres': { postgresRevocations: [{}, {}], postgresSchema: ['a'], postgresStore: [{}, {}] },
  './server': { pipeline: [{}] },
  './hono': { hallpass: [{}] },
  './express': { expressSession: [{ session: () => sessions.open(null) }, {}], hallpass: [{}] },
  './fastify': { hallpass: [{}] },
  './h3': { hallpass: [{}] },
  './next': { hallpass: [{}] },
  './node': { fromNodeListener: [() => {}], hallpass: [{}], toNodeListener: [answer, {}] },
  './opentelemetry': { openTelemetry: [{}] },
  './testing': { createTestClient: [answer, {}], testClock: [0] },
  './testing/lab': { startLab: [{}] },
  './testing/store-contract': { storeContract: [() => store] },
};

/** Made by the library only. */
const made = /Error$|^FileJar$|^KeyRing$/;

/** Objects that people hold: every method of each is called with each odd value alone. */
const objects: Record<string, () => unknown> = {
  definition: () => definition,
  'definition with a codec': () => defineCookie('theme', { codec: sealed(ring) }),
  jar: () => new CookieJar(),
  client: () => createClient({ transport, baseUrl: url, credentials: bearer('token') }),
  'test client': () => createTestClient(answer),
  sessions: () => sessions,
  session: () => sessions.open(null),
  tokens: () => tokens,
  ring: () => ring,
  clock: () => ({ advance: testClock().advance }), // what waits for it would wait
};

describe.for(Object.entries(publicDoors()))('what is no argument of %s', ([door, file]) => {
  it('is refused in our own words', async () => {
    const members = Object.entries((await import(pathToFileURL(file).href)) as Record<string, unknown>);
    const found: string[] = [];
    for (const [name, member] of members) {
      if (typeof member !== 'function' || made.test(name)) continue;
      const good = functions[door]?.[name];
      if (good === undefined) found.push(`${name}: say in this test what it works with`);
      for (const args of argumentsLike(good ?? [])) {
        if (isPath(door, args)) continue;
        found.push(...(await complaint(`${name}(${args.map(shown).join(', ')})`, () => call(member, args))));
      }
    }
    expect(found).toEqual([]);
  });
});

describe.for(Object.entries(objects))('what is no argument of a method of %s', ([title, make]) => {
  it('is refused in our own words', async () => {
    const found: string[] = [];
    for (const name of methodsOf(await make())) {
      for (const value of odd) {
        const object = (await make()) as Record<string, unknown>;
        const run = () => (object[name] as (value: unknown) => unknown).call(object, value);
        found.push(...(await complaint(`${title}.${name}(${shown(value)})`, run)));
      }
    }
    expect(found).toEqual([]);
  });
});

it.each<[title: string, run: () => unknown, meant: string]>([
  ['pipeline', () => pipeline({ origin: [] } as never), 'origins'],
  ['pipeline, as Node’s', () => pipeline({ trustProxy: '10.0.0.1' } as never), 'one of sessions, tokens'],
  ['csrf', () => pipeline({ csrf: { trusted: [] } } as never), 'csrf.trust'],
  ['hallpass of a framework', () => nodeHallpass({ trustproxy: '10.0.0.1' } as never), 'trustProxy'],
  ['createClient', () => createClient({ baseURL: url } as never), 'baseUrl'],
  [
    'redirect',
    () => createClient({ redirect: { max: 5 } } as never),
    'redirect.maxRedirects or redirect.maxWait',
  ],
  ['retry', () => createClient({ retry: { limit: 5 } } as never), 'retry.maxRetries or retry.maxDelay'],
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
  ['memoryStore', () => memoryStore({ max: 100 } as never), 'maxRows'],
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

it('a pipeline takes a handler, and a handler a request', async () => {
  for (const value of odd) {
    expect(await complaint(`pass(${shown(value)})`, () => pipeline({})(value as never))).toEqual([]);
    expect(await complaint(`handler(${shown(value)})`, () => pipeline({})(answer)(value as never))).toEqual(
      [],
    );
  }
});

/** The files of the entry points that hold code. */
function publicDoors(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  return Object.fromEntries(
    Object.entries(exports)
      .map(([door, target]) => [door, typeof target === 'string' ? target : target.default] as const)
      .filter(([, target]) => target.endsWith('.js'))
      .map(([door, target]) => [door, target.replace('/dist/', '/src/').replace(/\.js$/, '.ts')]),
  );
}

/** Good arguments with one of them odd, or cut off. */
function argumentsLike(good: readonly unknown[]): unknown[][] {
  const lists: unknown[][] = [[]];
  for (let at = 0; at < Math.max(good.length, 1); at++) {
    lists.push([...good.slice(0, at)]);
    for (const value of odd) lists.push([...good.slice(0, at), value, ...good.slice(at + 1)]);
  }
  return lists;
}

/** `x` is a path: it would be made. */
const isPath = (door: string, [first]: readonly unknown[]) => /sqlite|jar\/file/.test(door) && first === 'x';

const isClass = (made: unknown) => /^class\b/.test(Function.prototype.toString.call(made));

function call(member: unknown, args: readonly unknown[]): unknown {
  const callable = member as { new (...args: unknown[]): unknown; (...args: unknown[]): unknown };
  return isClass(member) ? new callable(...args) : callable(...args);
}

/** What is wrong with the way in which it fails; nothing when it works, or fails well. */
async function complaint(title: string, run: () => unknown): Promise<string[]> {
  try {
    const result = (await run()) as Partial<AsyncDisposable> | undefined;
    await result?.[Symbol.asyncDispose]?.();
    return [];
  } catch (error) {
    const { name, message, code = '' } = error as Error & { code?: string };
    const isOurs = error instanceof TypeError ? !code.startsWith('ERR_') : /^[a-z-]+$/.test(code);
    return isOurs && !inWordsOfTheEngine.test(message) ? [] : [`${title}: ${name} ${message}`];
  }
}

/** Methods that no published type has. */
const isInner = /^(constructor|line|textOf|validate|settle|demand|judge|refuseToWrite|fallback|openAgain)$/;

function methodsOf(object: unknown): Set<string> {
  const names = new Set<string>();
  for (let at = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && !isInner.test(name)) names.add(name);
    }
  }
  return names;
}

const shown = (value: unknown): string =>
  typeof value === 'function' ? value.name : (JSON.stringify(value)?.slice(0, 40) ?? 'undefined');
