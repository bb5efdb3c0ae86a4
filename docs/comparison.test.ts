import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import axios from 'axios';
import express from 'express';
import expressSession from 'express-session';
import fastify from 'fastify';
import makeFetchCookie from 'fetch-cookie';
import got from 'got';
import { bearer, createClient } from 'hallpass/client';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { startLab } from 'hallpass/testing/lab';
import { Hono } from 'hono';
import { MemoryStore as HonoStore, sessionMiddleware } from 'hono-sessions';
import { getIronSession } from 'iron-session';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const page = readFileSync(new URL('comparison.md', import.meta.url), 'utf8');
const secret = 'hp-secret-of-thirty-two-characters';

/** The marks of a row, by the heading of its column. */
function marks(row: string): Record<string, string> {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${row} |`));
  const cells = (line = '') =>
    line
      .split('|')
      .slice(2, -2)
      .map((cell) => cell.trim());
  const head = lines.slice(0, at).findLast((line) => line.startsWith('| | '));
  const names = cells(head);
  return Object.fromEntries(cells(lines[at]).map((cell, index) => [names[index], cell]));
}

interface Began {
  /** The Set-Cookie line of a new session. */
  readonly line: string;
  /** All that the store holds of it, as text. */
  readonly stored: string;
}

const sessions: Record<string, () => Promise<Began>> = {
  async hallpass() {
    const rows: unknown[] = [];
    const store = memoryStore();
    const kept: typeof store = {
      ...store,
      create(...given) {
        rows.push(given);
        return store.create(...given);
      },
    };
    const mine = createSessions({ store: kept });
    const session = await mine.open(null);
    session.set('n', 1);
    const [line = ''] = await mine.commit(session);
    return { line, stored: JSON.stringify(rows) };
  },
  async 'express-session'() {
    const Store = Reflect.get(expressSession, 'MemoryStore') as typeof expressSession.Store;
    const store = new Store();
    const app = express().use(expressSession({ secret, resave: false, saveUninitialized: true, store }));
    app.get('/', (_, res) => void res.end());
    const server = app.listen(0);
    await once(server, 'listening');
    const response = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/`);
    server.close();
    return {
      line: response.headers.getSetCookie()[0] ?? '',
      stored: JSON.stringify(Reflect.get(store, 'sessions')),
    };
  },
  async '@fastify/session'() {
    const rows = new Map<string, unknown>();
    const app = fastify({ trustProxy: true });
    await app.register(fastifyCookie);
    await app.register(fastifySession, {
      secret,
      store: {
        set(id, value, done) {
          rows.set(id, value);
          done();
        },
        get: (_, done) => done(null, null),
        destroy: (_, done) => done(),
      },
    });
    app.get('/', async () => '');
    const response = await app.inject({ url: '/', headers: { 'x-forwarded-proto': 'https' } });
    return { line: String(response.headers['set-cookie']), stored: JSON.stringify([...rows]) };
  },
  async 'hono-sessions'() {
    const store = new HonoStore();
    const app = new Hono<{ Variables: { session: { set(key: string, value: unknown): void } } }>();
    app.use(sessionMiddleware({ store }) as never);
    app.get('/', (c) => {
      c.get('session').set('n', 1);
      return c.text('');
    });
    const response = await app.request('http://localhost/');
    return {
      line: response.headers.getSetCookie()[0] ?? '',
      stored: JSON.stringify([...Reflect.get(store, 'data')]),
    };
  },
  async 'iron-session'() {
    const response = new Response();
    const session = await getIronSession<{ n?: number }>(new Request('https://a.test/'), response, {
      password: secret,
      cookieName: 's',
    });
    session.n = 1;
    await session.save();
    return { line: response.headers.getSetCookie()[0] ?? '', stored: '' };
  },
};

describe.each(Object.entries(sessions))('a session of %s', (name, begin) => {
  it('has the cookie that the table says', async () => {
    const { line } = await begin();
    const flags = ['httponly', 'secure', 'samesite'].filter((flag) =>
      line.toLowerCase().includes(`; ${flag}`),
    );
    const mark = ['○', '○', '◐', '●'][flags.length];
    expect(marks('the cookie is HttpOnly, Secure and SameSite without a word')[name]).toBe(mark);
  });

  it('leaves in its store what the table says', async () => {
    const { line, stored } = await begin();
    const value = decodeURIComponent(line.slice(line.indexOf('=') + 1).split(';')[0] ?? '');
    // What proves the visitor: an id that may be signed, or the verifier behind a selector.
    const [first = '', second = ''] = value.replace(/^s:/, '').split('.');
    const holds = stored.includes(name === 'hallpass' ? second : first);
    const mark = stored === '' ? '–' : holds ? '○' : '●';
    expect(marks('what the store holds opens no session')[name]).toBe(mark);
  });
});

it('a copy of a cookie of iron-session lives on after destroy', async () => {
  const options = { password: secret, cookieName: 's' };
  const { line = '' } = (await sessions['iron-session']?.()) ?? {};
  const request = () => new Request('https://a.test/', { headers: { cookie: line.split(';')[0] ?? '' } });
  (await getIronSession(request(), new Response(), options)).destroy();
  expect(await getIronSession<{ n?: number }>(request(), new Response(), options)).toMatchObject({ n: 1 });
  expect(marks('a copy of the cookie is dead after a sign-out')['iron-session']).toBe('○');
});

type Send = (
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<unknown>;
const fetchCookie = makeFetchCookie(fetch);
const clients: Record<string, Send> = {
  hallpass: (url, init) => createClient().fetch(url, init),
  fetch,
  'fetch-cookie': (url, init) => fetchCookie(url, init),
  got: (url, { method = 'GET', ...init }) =>
    got(url, { method: method as 'GET', ...init, throwHttpErrors: false }),
  axios: (url, { body, ...init }) => axios(url, { ...init, data: body, validateStatus: () => true }),
};

describe.each(Object.entries(clients))('a call of %s', (name, send) => {
  let lab: Awaited<ReturnType<typeof startLab>>;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(() => {
    lab.log.length = 0;
  });
  afterAll(() => lab.close());
  const to = (origin: string, target: string, status = 302) =>
    `${origin}/redirect-to?${new URLSearchParams({ url: target, status_code: String(status) })}`;
  const at = (origin: string) => lab.log.filter((one) => one.origin === origin);

  it('sends X-Api-Key to another origin, or not, as the table says', async () => {
    const { a, b } = lab.origins;
    await send(to(a, `${b}/headers`), { headers: { 'X-Api-Key': secret } });
    const leaked = at(b).some(({ headers }) => headers['x-api-key'] !== undefined);
    expect(at(b)).not.toHaveLength(0);
    expect(marks('`X-Api-Key` stays off another origin')[name]).toBe(leaked ? '○' : '●');
  });

  it('sends the body of a 307 to another origin, or not, as the table says', async () => {
    const { a, b } = lab.origins;
    await send(to(a, `${b}/echo`, 307), {
      method: 'POST',
      body: 'hp-secret-body',
      headers: { 'content-type': 'text/plain' },
    });
    const leaked = at(b).some(
      ({ headers }) => Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'],
    );
    expect(marks('the body of a 307 stays off another origin')[name]).toBe(leaked ? '○' : '●');
  });

  it('has its credential again when the chain comes back, or not, as the table says', async () => {
    const { a, b } = lab.origins;
    const chain = to(a, to(b, `${a}/headers`));
    if (name === 'hallpass') await createClient({ credentials: bearer(secret, { for: a }) }).fetch(chain);
    else await send(chain, { headers: { authorization: `Bearer ${secret}` } });
    expect(at(b).some(({ headers }) => headers.authorization !== undefined)).toBe(false);
    const back = at(a).at(-1)?.headers.authorization !== undefined;
    expect(marks('a credential comes back when the chain does')[name]).toBe(back ? '●' : '○');
  });
});

it('got and axios wait for ever by default', () => {
  const ofGot = Object.values(got.defaults.options.timeout).filter((one) => one !== undefined);
  expect([axios.defaults.timeout, ofGot]).toEqual([0, []]);
  expect(marks('a call ends by itself')).toMatchObject({ hallpass: '●', got: '○', axios: '○' });
});

describe('README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const performance = readFileSync(new URL('performance.md', import.meta.url), 'utf8');
  /** The rows of the table below a heading: each cell by the heading of its column. */
  const rowsBelow = (heading: string, firstColumn: string) => {
    const lines = performance.slice(performance.indexOf(`\n## ${heading}\n`)).split('\n');
    const at = lines.findIndex((line) => line.startsWith(`| ${firstColumn} |`));
    const cells = (line: string) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const names = cells(lines[at] ?? '');
    const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
    return lines
      .slice(at + 2, end)
      .map((line) => Object.fromEntries(cells(line).map((cell, index) => [names[index], cell])));
  };

  it('says what the page of performance has of secrets on redirects', () => {
    expect(readme).toContain('each sent `X-Api-Key` to another host in more than 500; hallpass in none');
    const leaks = rowsBelow('Secrets on redirects', 'client');
    const arrived = (client: string) =>
      Number(leaks.find((row) => row.client?.startsWith(client))?.['X-Api-Key header']);
    const peers = ['fetch of Node', 'fetch-cookie@', 'got@', 'axios@'];
    expect(peers.filter((peer) => !(arrived(peer) > 500))).toEqual([]);
    expect(arrived('hallpass@')).toBe(0);
  });

  it('says what it has of races: a write is lost in half of the orders at most, and in none of ours', () => {
    const lost = rowsBelow('Races', 'requests at once').filter(
      (row) => row['what goes wrong'] === 'a write is lost',
    );
    const share = (cell = '') => Number(cell.split(' of ')[0]) / Number(cell.split(' of ')[1]);
    for (const peer of ['express-session', '@fastify/session', 'hono-sessions']) {
      const shares = lost.flatMap((row) =>
        Object.keys(row)
          .filter((name) => name.startsWith(`${peer}@`))
          .map((name) => share(row[name])),
      );
      expect(Math.max(...shares), peer).toBe(0.5);
    }
    expect(lost.map((row) => share(row.hallpass))).toEqual(lost.map(() => 0));
  });

  it('says what it has of ended sessions under load', () => {
    expect(readme).toContain('more than 10,000 cookies of ended sessions were tried. None opened');
    const stores = rowsBelow('Load and faults', 'store');
    const sum = (name: string) => stores.reduce((all, row) => all + Number(row[name]), 0);
    expect(sum('dead cookies tried')).toBeGreaterThan(10_000);
    expect(sum('resurrected')).toBe(0);
  });
});
