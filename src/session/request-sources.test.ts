import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RequestSource } from '../cookie/request-source.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createSessions } from './create-sessions.ts';

const sessions = createSessions({ store: memoryStore() });
let cookie: string;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

beforeEach(async () => {
  const session = await sessions.open(null);
  session.login('ada');
  const [line = ''] = await sessions.commit(session);
  cookie = line.split(';', 1)[0] ?? '';
});

const user = async (from: RequestSource): Promise<string> => (await sessions.open(from)).user ?? 'nobody';
const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

async function answerOf(server: ReturnType<typeof createServer>): Promise<string> {
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return (await fetch(`http://127.0.0.1:${port(server)}/`, { headers: { cookie } })).text();
}

it('a session is opened from a request of Node', async () => {
  const server = createServer(async (req, res) => res.end(await user(req))).listen(0, '127.0.0.1');
  expect(await answerOf(server)).toBe('ada');
});

it('a session is opened from a request of Express', async () => {
  const app = express().get('/', async (req, res) => void res.send(await user(req)));
  expect(await answerOf(app.listen(0, '127.0.0.1'))).toBe('ada');
});

it('a session is opened from a request of Fastify', async () => {
  const app = fastify().get('/', (request) => user(request));
  cleanups.push(() => app.close());
  expect((await app.inject({ url: '/', headers: { cookie } })).body).toBe('ada');
});

it('a session is opened from a request of Hono', async () => {
  const app = new Hono().get('/', async (c) => c.text(await user(c.req)));
  expect(await (await app.request('/', { headers: { cookie } })).text()).toBe('ada');
});

it('a session is opened from a Request, its Headers and the text of a Cookie header', async () => {
  const request = new Request('http://localhost/', { headers: { cookie } });
  expect([await user(request), await user(request.headers), await user(cookie)]).toEqual([
    'ada',
    'ada',
    'ada',
  ]);
});

it('nothing at all is a visitor without a session', async () => {
  expect([await user(null), await user(undefined), await user('')]).toEqual(['nobody', 'nobody', 'nobody']);
});
