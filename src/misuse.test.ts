import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type Arguments,
  complaint,
  complaintsOfFunction,
  complaintsOfMethods,
  entryPoints,
  odd,
  shown,
} from '../tools/test/odd-arguments.ts';
import { hallpass as express, expressSession } from './adapters/express.ts';
import { hallpass as fastify } from './adapters/fastify.ts';
import { hallpass as h3 } from './adapters/h3.ts';
import { hallpass as hono } from './adapters/hono.ts';
import { fromNodeListener, hallpass as nodeHallpass, toNodeListener } from './adapters/node.ts';
import { fromLucia } from './adopt/index.ts';
import { bearer, createClient, digest } from './client/index.ts';
import { defineCookie } from './cookie/define.ts';
import { CookieJar } from './jar/index.ts';
import { openTelemetry } from './opentelemetry/index.ts';
import { createPanel } from './panel/index.ts';
import { generateKey, keyRing, sealed } from './seal/index.ts';
import { pipeline, type RequestContext } from './server/index.ts';
import { createSessions, sessionCounters, signInThrottle } from './session/index.ts';
import { memoryStore } from './store/memory/index.ts';
import { createTestClient, testClock } from './testing/index.ts';
import { createTokens, tokenCounters } from './tokens/index.ts';

/*
 * Every public function, called with what it does not take: it works all the same, or throws a TypeError or a HallpassError
 * whose sentence is ours. The words of the engine ("Cannot read properties of undefined") tell nobody what to write instead.
 */

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
const exchange = {
  ...{ method: 'GET', url, secure: true, address: undefined },
  ...{ header: () => undefined, headerNames: () => [] },
};
const answer = () => new Response('ok');
const takeOver = () => undefined;
const transport = async () => new Response('ok');

const clientFunctions: Record<string, readonly unknown[]> = {
  apiKey: ['x-key', 'secret', { for: url }],
  basic: ['ada', 'secret', { for: url }],
  bearer: ['token', { for: url }],
  createClient: [{}],
  credential: [{ name: 'a', for: url, attach: () => ({}) }],
  digest: ['ada', 'secret', { for: url }],
  fetchTransport: [
    {
      url: 'http://127.0.0.1:1/',
      method: 'GET',
      headers: new Headers(),
      signal: new AbortController().signal,
    },
  ],
  isPublicAddress: ['1.1.1.1'],
  netrc: ['machine a login b password c', {}],
  traceOf: [await createClient({ transport }).get(url)],
};

/** Arguments with which each function works, by entry point. */
const functions: Record<string, Record<string, readonly unknown[]>> = {
  '.': {
    admit: [{ name: 'a', value: '1' }, hop, []],
    cookieHeaderOf: ['a=1'],
    cookieHeaderWarnings: ['a=1'],
    defineCookie: ['a', {}],
    honor: [incoming, { origins: ['https://a.example.com'] }],
    journeys: [{ name: 'a', value: '1' }, {}],
    lintDefinition: [definition, {}],
    lintExchanges: [[{ url: new URL(url), responseHeaders: [['set-cookie', 'a=1']] }], {}],
    lintSetCookie: ['a=1', {}],
    parseCookieHeader: ['a=1'],
    parseSetCookie: ['a=1'],
    readCookie: ['a=1', 'a'],
    readExchanges: ['Set-Cookie: a=1', url],
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
  './client': clientFunctions,
  './client/slim': clientFunctions,
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
    signInThrottle: [{ store, perUser: { maxAttempts: 1, within: '60s' } }],
  },
  './adopt': {
    fromCookieSession: [{ keys: ['a'], takeOver }],
    fromExpressSession: [{ secret: 'a secret of tests', store: { get() {}, destroy() {} }, takeOver }],
    fromIronSession: [{ password: 'a password of at least 32 characters', name: 'a', takeOver }],
    fromLucia: [{ find() {}, remove() {}, takeOver }],
    fromNextAuth: [{ secret: 'a', takeOver }],
    fromSecureSession: [{ sodium: { crypto_secretbox_open_easy() {} }, key: Buffer.alloc(32), takeOver }],
  },
  './tokens': {
    acceptBoth: [tokens, sessions],
    createTokens: [{ store, keys: ring, issuer: url, audience: url }],
    tokenCounters: [],
  },
  './server': { pipeline: [{}] },
  './hono': { hallpass: [{}] },
  './express': { expressSession: [{ session: () => sessions.open(null) }, {}], hallpass: [{}] },
  './fastify': { hallpass: [{}] },
  './h3': { hallpass: [{}] },
  './next': { hallpass: [{}] },
  './node': { fromNodeListener: [() => {}], hallpass: [{}], toNodeListener: [answer, {}] },
  './opentelemetry': { openTelemetry: [{}] },
  './why': { codesIn: ['a-code'], explain: ['a-code'], nearestCodes: ['a-code'] },
  './panel': { createPanel: [{}] },
  './testing': { createTestClient: [answer, {}], testClock: [0] },
  './testing/lab': { startLab: [{}] },
  './testing/store-contract': { storeContract: [() => store] },
};

/** Made by the library only. */
const made = /Error$|^FileJar$|^KeyRing$/;

/** Objects that people hold. */
const objects: Record<string, () => unknown> = {
  definition: () => definition,
  'definition with a codec': () => defineCookie('theme', { codec: sealed(ring) }),
  jar: () => new CookieJar(),
  client: () => createClient({ transport, baseUrl: url, credentials: bearer('token') }),
  'test client': () => createTestClient(answer),
  sessions: () => sessions,
  session: () => sessions.open(null),
  tokens: () => tokens,
  throttle: () => signInThrottle({ store }),
  ring: () => ring,
  codec: () => sealed(ring),
  digest: () => digest('ada', 'secret', { for: url }),
  'what was returned': () => ({
    ...{ express: express({}), fastify: fastify({}), h3: h3({}), hono: hono({}) },
    expressSession: expressSession({ session: () => sessions.open(null) }),
    fromLucia: fromLucia({ find() {}, remove() {}, takeOver }),
    fromNodeListener: fromNodeListener(() => {}),
    toNodeListener: toNodeListener(answer),
  }),
  clock: () => ({ advance: testClock().advance }), // what waits for it would wait
  'pass of Node': () => nodeHallpass({ sessions }),
  context: () => contextOf(),
  cookies: async () => (await contextOf()).cookies,
  'tokens of a request': async () => (await contextOf()).tokens,
  view: async () => sessions.view(await sessions.open(null)),
  counters: () => sessionCounters(),
  'token counters': () => tokenCounters(),
  panel: () => createPanel(),
  telemetry: () => openTelemetry(),
};

/** Arguments with which their methods work. Methods that stand nowhere here are called with each odd value alone. */
const methods: Record<string, Arguments> = {
  'definition.serialize': () => ['dark', {}],
  'definition.set': () => [new Headers(), 'dark', {}],
  'definition.delete': () => [new Headers()],
  'definition with a codec.serialize': () => ['dark', {}],
  'definition with a codec.set': () => [new Headers(), 'dark', {}],
  'jar.set': () => ['a=1', url, hop],
  'jar.put': () => [new Response(), url, hop],
  'jar.header': () => [url, hop],
  'jar.select': () => [url, hop],
  'jar.get': () => ['a', url],
  'jar.delete': () => ['a', url],
  'client.get': () => [url, {}],
  'client.fetch': () => [url, {}],
  'client.post': () => [url, { json: 1 }],
  'client.with': () => [{}],
  'sessions.open': () => [null, {}],
  'sessions.view': async () => [await sessions.open(null), {}],
  'sessions.commit': async () => [await sessions.open(null), new Headers()],
  'sessions.revoke': () => ['id', { user: 'ada' }],
  'sessions.revokeAll': () => ['ada', {}],
  'session.login': () => ['ada', {}],
  'session.update': () => ['theme', () => 'dark'],
  'tokens.issue': () => ['ada', new Headers(), {}],
  'tokens.issueBearer': () => ['ada', {}],
  'tokens.refresh': () => [new Headers(), new Headers()],
  'tokens.revoke': () => [{ user: 'ada' }, new Headers()],
  'throttle.attempt': () => [{ user: 'ada' }],
  'counters.onEvent': () => [{ type: 'login', at: 0 }],
  'token counters.onEvent': () => [{ type: 'issued', at: 0 }],
  'panel.address': () => ['http://localhost:3000'],
  'panel.happened': () => [{ type: 'failed', at: 0 }, exchange],
  'panel.judged': () => [{ allowed: true, reasons: [], warnings: [] }, exchange],
  'panel.committed': () => [200, exchange],
  'panel.answered': () => [new Headers(), exchange],
  'codec.encode': () => ['text', 'name'],
  'codec.decode': () => ['text', 'name'],
  'digest.attach': () => [{ url, method: 'GET' }, hop],
  'digest.challenge': () => [answer(), hop],
  'ring.prove': () => ['purpose', 'text'],
  'ring.isProof': () => ['purpose', 'text', 'proof'],
  'context.requireUser': () => [{}],
  'cookies.set': () => [definition, 'dark', {}],
  'cookies.get': () => [definition],
  'cookies.delete': () => [definition],
};

/** Objects that are data and hold no options, by function and place: what more they say is nobody's business. */
const isData =
  /^(admit\(0|admit\(1|release\(0|release\(1|honor\(0|journeys\(0|lintDefinition\(0|readCookiesJson\(0|write\w+\(0|traceOf|open\(0|seal\(0|seal\(2|sealed\(0|sign\(0|sign\(2|signed\(0|verify\(0|acceptBoth|expressSession\(0|jar\.|client\.fetch\(1|sessions\.(view|commit)\(0|sessions\.commit\(1|definition( with a codec)?\.(set|delete)\(0|tokens\.(issue\(1|issue\(2|issueBearer\(1|refresh|revoke\(1)|cookies\.\w+\(0|ring|digest|counters|token counters|panel|telemetry)/;

async function contextOf(): Promise<RequestContext> {
  return new Promise((resolve) => {
    const handler = pipeline({ sessions, tokens, onWarning: false })((_, context) => {
      resolve(context as RequestContext);
      return new Promise(() => {}); // The request goes on: its cookies can be set.
    });
    void handler(new Request(url));
  });
}

/** Those of the stores have a test of their own, src/store/misuse.test.ts. */
const entries = Object.entries(entryPoints()).filter(([entry]) => !entry.startsWith('./stores/'));

describe.for(entries)('what is no argument of %s', ([entry, file]) => {
  it('is refused in our own words', async () => {
    const members = Object.entries((await import(pathToFileURL(file).href)) as Record<string, unknown>);
    const found: string[] = [];
    for (const [name, member] of members) {
      if (typeof member !== 'function' || made.test(name)) continue;
      const good = functions[entry]?.[name];
      if (good === undefined) found.push(`${name}: say in this test what it works with`);
      found.push(
        ...(await complaintsOfFunction(name, member, good ?? [], isData, (args) => isPath(entry, args))),
      );
    }
    expect(found).toEqual([]);
  });
});

describe.for(Object.entries(objects))('what is no argument of a method of %s', ([title, make]) => {
  it('is refused in our own words', async () => {
    expect(await complaintsOfMethods(title, make, methods, isData)).toEqual([]);
  });
});

it('a pipeline takes a handler, and a handler a request', async () => {
  for (const value of odd) {
    expect(await complaint(`pass(${shown(value)})`, () => pipeline({})(value as never))).toEqual([]);
    expect(await complaint(`handler(${shown(value)})`, () => pipeline({})(answer)(value as never))).toEqual(
      [],
    );
  }
});

it('what entry points give as data is frozen all through: whoever changed it would change it for everybody', async () => {
  const changeable: string[] = [];
  const look = (path: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const isMap = value instanceof Map;
    const isKept = isMap ? Object.hasOwn(value, 'set') : Object.isFrozen(value);
    if (!isKept) changeable.push(path);
    const parts = isMap ? value.entries() : Object.entries(value);
    for (const [name, part] of parts) look(`${path}.${name}`, part);
  };
  for (const [entry, file] of Object.entries(entryPoints()))
    for (const [name, member] of Object.entries(await import(pathToFileURL(file).href)))
      look(`${entry} ${name}`, member);
  expect(changeable).toEqual([]);
});

/** `x` is a path: it would be made. */
const isPath = (entry: string, [first]: readonly unknown[]) => entry === './jar/file' && first === 'x';
