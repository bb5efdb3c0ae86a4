import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { defineCookie, type ErrorCode, type ReasonCode } from 'hallpass';
import { openJar } from 'hallpass/jar/file';
import { toNodeListener } from 'hallpass/node';
import { generateKey, keyRing, open, seal } from 'hallpass/seal';
import { type PipelineOptions, pipeline, type RequestContext, type ServerEvent } from 'hallpass/server';
import { signInThrottle } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { testClock } from 'hallpass/testing';
import { Browser, type Shop, sealedShop, shop } from '../../tools/test/shop.ts';
import type { Calls } from './calls.ts';

/** A browser whose visitor is signed in. */
async function signedIn<F extends ReturnType<typeof shop> | ReturnType<typeof sealedShop>>(fixture: F) {
  const browser = new Browser(fixture.sessions);
  await browser.visit((session) => session.login('alice'));
  return { ...fixture, browser };
}

/** Why a visitor with this cookie is anonymous. */
const explain = async ({ sessions }: Pick<ReturnType<typeof sealedShop>, 'sessions'>, cookie: string) =>
  (await sessions.open(cookie)).explain();

const changed = (cookie: string) => cookie.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'));

/** A store that answers until it is taken away. */
function fragile() {
  let away = false;
  const store = new Proxy(memoryStore(), {
    get: (target, name: 'read') =>
      away ? () => Promise.reject(new Error('connection refused')) : target[name]?.bind(target),
  });
  return {
    store,
    takeAway() {
      away = true;
    },
  };
}

/** What is told of a preflight like this. */
async function preflight(headers: Record<string, string>): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const cors = { origins: ['https://app.example.com'] };
  const handler = pipeline({ cors, onWarning: false, onEvent: (event) => events.push(event) })(() => ({}));
  const asked = { origin: 'https://app.example.com', 'access-control-request-method': 'GET', ...headers };
  await handler(new Request('https://api.example.com/', { method: 'OPTIONS', headers: asked }));
  return events;
}

/** Reasons why a browser does not send what it asked for. */
export const corsCalls = {
  'cors-origin': () => preflight({ origin: 'https://evil.test' }),
  'cors-method': () => preflight({ 'access-control-request-method': 'PURGE' }),
  'cors-header': () => preflight({ 'access-control-request-headers': 'x-other' }),
} satisfies Calls<ReasonCode>;

/** Reasons why a visitor is anonymous. */
export const sessionCalls = {
  'session-no-cookie': () => explain(shop(), ''),
  'session-malformed': () => explain(shop(), '__Host-session=x'),
  'session-unknown': () => explain(shop(), `__Host-session=${'A'.repeat(22)}.${'A'.repeat(43)}`),
  'session-wrong-verifier': async () => {
    const { browser, ...fixture } = await signedIn(shop());
    return explain(fixture, changed(browser.cookie));
  },
  'session-not-adopted': () =>
    explain(shop({ adopt: () => ({ cookie: 'sid', refused: 'expired' }) }), 'sid=1'),
  'session-store-away': async () => {
    const { store, takeAway } = fragile();
    const { browser, ...fixture } = await signedIn(shop({ store, onStoreFailure: 'anonymous' }));
    takeAway();
    return explain(fixture, browser.cookie);
  },
  'session-expired': async () => {
    const { browser, ...fixture } = await signedIn(sealedShop());
    fixture.clock.advance('2h');
    return explain(fixture, browser.cookie);
  },
  'session-revoked': async () => {
    const { browser, ...fixture } = await signedIn(sealedShop());
    const thief = browser.copy();
    await browser.visit((session) => session.logout());
    return explain(fixture, thief.cookie);
  },
  'session-broken-seal': async () => {
    const { browser, ...fixture } = await signedIn(sealedShop());
    return explain(fixture, changed(browser.cookie));
  },
  'session-unknown-key': async () => {
    const { browser } = await signedIn(sealedShop());
    return explain(sealedShop(), browser.cookie);
  },
  'session-from-future': async () => {
    const sealed = { keys: keyRing(generateKey()) };
    const ahead = sealedShop({ sealed, clock: testClock(1_700_000_000_000 + 120_000) });
    const { browser } = await signedIn(ahead);
    return explain(sealedShop({ sealed }), browser.cookie);
  },
} satisfies Calls<ReasonCode>;

/** Two tabs that change the same session; the second one fails. */
async function late(first: (browser: Browser) => Promise<unknown>, options?: Parameters<typeof shop>[0]) {
  const { browser } = await signedIn(shop(options));
  const session = await browser.copy().open();
  session.set('theme', 'dark');
  await first(browser);
  return browser.receive(session);
}

/** A file that is neither a jar nor a database. */
async function withJunk(use: (path: string) => unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-reasons-'));
  const path = join(folder, 'junk');
  writeFileSync(path, 'neither a jar nor a database');
  try {
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a pipeline answers, as JSON. */
async function answered(
  options: PipelineOptions<Shop, []>,
  init: RequestInit,
  handler: (context: RequestContext<Shop>) => unknown = () => {},
) {
  const app = pipeline<Shop, []>(options)(async (_, context) => Response.json(await handler(context)));
  return (await app(new Request('https://app.example.com/', init))).json();
}

const ring = () => keyRing(generateKey());

export const serverErrors = {
  'jar-unusable': () => withJunk(openJar),
  'cookie-parameter': () => defineCookie('theme').require(''),
  'seal-unknown-key': async () => open(ring(), 'reset', await seal(ring(), 'reset', 'value')),
  'seal-broken': async () => {
    const one = ring();
    return open(one, 'reset', await seal(one, 'another purpose', 'value'));
  },
  'seal-expired': async () => {
    const one = ring();
    return open(one, 'reset', await seal(one, 'reset', 'value', { expires: 1 }));
  },
  'session-gone': () => late((browser) => browser.visit((session) => session.logout())),
  'session-conflict': () =>
    late((browser) => browser.visit((session) => session.set('theme', 'light')), {
      conflicts: { theme: 'reject' },
    }),
  'store-unavailable': async () => {
    const { store, takeAway } = fragile();
    const { browser } = await signedIn(shop({ store }));
    takeAway();
    return browser.open();
  },
  'store-unusable': () => withJunk((path) => sqliteStore(path).read('A'.repeat(22), { now: 0 })),
  unauthenticated: () => answered({ sessions: shop().sessions }, {}, (context) => context.requireUser()),
  'too-many-attempts': async () => {
    const throttle = signInThrottle({ store: memoryStore(), perUser: { maxAttempts: 1, within: '60s' } });
    await throttle.attempt({ user: 'ada' });
    return throttle.attempt({ user: 'ada' });
  },
  'stale-authentication': async () => {
    const { sessions, clock, browser } = await signedIn(shop());
    clock.advance('10m');
    const headers = { cookie: browser.cookie };
    return answered({ sessions }, { headers }, (context) => context.requireUser({ fresh: '5m' }));
  },
  'csrf-refused': () => answered({}, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }),
  'prefetch-refused': async () => {
    const { sessions, browser } = await signedIn(shop());
    const headers = { cookie: browser.cookie, 'sec-purpose': 'prefetch' };
    return answered({ sessions }, { headers }, async (context) => {
      (await context.session()).logout();
    });
  },
  'bad-request': async () => {
    const server = createServer(toNodeListener(() => new Response('reached'))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [answer] = await once(request({ port, host: '127.0.0.1', method: 'TRACE' }).end(), 'response');
    const body = await json(answer);
    await new Promise((closed) => server.close(closed));
    return body;
  },
} satisfies Calls<ErrorCode>;
