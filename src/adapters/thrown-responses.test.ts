import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { useServers } from '../../tools/test/serve.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import * as onExpress from './express.ts';
import * as onFastify from './fastify.ts';
import { type HallpassEnv, hallpass as onHono } from './hono.ts';
import { type HallpassOptions, hallpass, toNodeListener } from './node.ts';

const serve = useServers();
const sessions = () => createSessions({ store: memoryStore() });
const thrown = (status: number) => new Response('thrown', { status, headers: { 'x-from': 'the handler' } });

/** Status, how many cookies are set, a header of the thrown answer, and the body. */
async function summary(origin: string, status: number) {
  const response = await fetch(`${origin}/x?status=${status}`, {
    headers: { connection: 'close' },
    redirect: 'manual',
  });
  return [
    response.status,
    response.headers.getSetCookie().length,
    response.headers.get('x-from'),
    await response.text(),
  ];
}

const statusIn = (url = '') => Number(new URLSearchParams(url.split('?')[1]).get('status'));

describe('a Response that a handler throws is its answer: below 500 a login is kept', () => {
  const kept = [302, 1, 'the handler', 'thrown'];
  const failed = [502, 0, 'the handler', 'thrown'];

  it('Hono', async () => {
    const app = new Hono<HallpassEnv<ReturnType<typeof sessions>>>();
    app.use(onHono({ sessions: sessions() }));
    app.get('/x', async (c) => {
      c.header('x-stale', '1');
      (await c.var.hallpass.session()).login('ada');
      throw thrown(Number(c.req.query('status')));
    });
    const origin = await serve(toNodeListener(app.fetch) as RequestListener);
    expect([await summary(origin, 302), await summary(origin, 502)]).toEqual([kept, failed]);
  });

  it('a plain listener', async () => {
    const pass = hallpass({ sessions: sessions() });
    const origin = await serve(
      pass(async (req) => {
        (await pass.session(req)).login('ada');
        throw statusIn(req.url) === 0 ? Response.error() : thrown(statusIn(req.url));
      }),
    );
    expect([await summary(origin, 302), await summary(origin, 502)]).toEqual([kept, failed]);
    expect((await summary(origin, 0))[0]).toBe(500); // What cannot be sent.
  });

  it('toNodeListener', async () => {
    const logged: unknown[] = [];
    const listener = toNodeListener(
      ({ url }) => {
        throw url.includes('status=0') ? Response.error() : thrown(statusIn(url));
      },
      { onError: (error) => logged.push(error) },
    );
    const origin = await serve(listener as RequestListener);
    expect(await summary(origin, 302)).toEqual([302, 0, 'the handler', 'thrown']);
    expect(logged).toEqual([]);
    expect((await summary(origin, 0))[0]).toBe(500);
    expect(logged).toHaveLength(1); // What cannot be sent.
  });
});

describe('Express and Fastify have no answers that are thrown: it is an error, as without the pass, and a login is dropped', () => {
  it('Express', async () => {
    const answers = async (isBare: boolean) => {
      const pass = onExpress.hallpass({ sessions: sessions() });
      const app = express().set('env', 'test');
      if (!isBare) app.use(pass);
      app.get('/x', async (req) => {
        if (!isBare) (await pass.session(req)).login('ada');
        throw thrown(statusIn(req.url));
      });
      const origin = await serve(app);
      return [await summary(origin, 302), await summary(origin, 404)];
    };
    expect(await answers(false)).toEqual(await answers(true));
  });

  it('Fastify', async () => {
    const answers = async (isBare: boolean) => {
      const pass = onFastify.hallpass({ sessions: sessions() });
      const app = fastify({ forceCloseConnections: true });
      if (!isBare) await app.register(pass);
      app.get('/x', async (request) => {
        if (!isBare) (await pass.session(request)).login('ada');
        throw thrown(statusIn(request.url));
      });
      const origin = await app.listen({ port: 0, host: '127.0.0.1' });
      const both = [await summary(origin, 302), await summary(origin, 404)];
      await app.close();
      return both;
    };
    expect(await answers(false)).toEqual(await answers(true));
  });
});

describe('onError of a plain listener', () => {
  const onError: HallpassOptions<Record<string, unknown>>['onError'] = async (error, incoming) =>
    new Response(`${incoming.url} ${(error as Error).message}`, {
      status: (error as Error).message === 'gone' ? 410 : 503,
    });

  const start = (message: string, store = memoryStore()) => {
    const pass = hallpass({ sessions: createSessions({ store }), onError, onEvent() {} });
    return serve(
      pass(async (req, res) => {
        (await pass.session(req)).login('ada');
        if (message === '') res.end('done');
        else throw new Error(message);
      }),
    );
  };

  it('answers what it throws; below 500 a login is kept', async () => {
    expect((await summary(await start('gone'), 0)).toSpliced(2, 1)).toEqual([410, 1, '/x?status=0 gone']);
    expect((await summary(await start('down'), 0)).toSpliced(2, 1)).toEqual([503, 0, '/x?status=0 down']);
  });

  it('answers a commit that failed', async () => {
    const store = memoryStore();
    store.create = async () => {
      throw new Error('no room');
    };
    const [status, cookies, , body] = await summary(await start('', store), 0);
    expect([status, cookies]).toEqual([503, 0]);
    expect(body).toMatch(/^\/x\?status=0 /);
  });

  it('answers an upgrade that failed', async () => {
    const pass = hallpass({ onError, onEvent() {} });
    const server = createServer().on('upgrade', (req, socket) =>
      pass.upgrade(req, socket, () => {
        throw new Error('gone');
      }),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    socket.write('GET /socket HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 410 .*\/socket gone$/s);
  });
});
