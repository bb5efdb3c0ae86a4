import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import { type AddressInfo, connect, type Server } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import express from 'express';
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { defineCookie } from '../../cookie/define.ts';
import { hostSessions } from '../../cookie/host-sessions.ts';
import { HttpError } from '../../errors.ts';
import type { RequestContext } from '../../server/request-context.ts';
import { createSessions } from '../../session/index.ts';
import type { Session } from '../../session/types.ts';
import { memoryStore } from '../../store/memory/index.ts';
import * as forExpress from '../express.ts';
import * as forFastify from '../fastify.ts';
import { hallpass } from './hallpass.ts';

interface Data {
  note: string;
}
type Handler = (req: IncomingMessage, res: ServerResponse, context: RequestContext<Data>) => unknown;
type Options = forExpress.HallpassOptions<Data>;

const theme = defineCookie('theme');
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts a server and gives its port. */
async function start(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => new Promise((closed) => server.close(closed)));
  return (server.address() as AddressInfo).port;
}

/** The ways in which a handler of Node's own messages comes behind the pipeline. */
const hosts: Record<string, (handler: Handler, options: Options) => Promise<number>> = {
  async 'node:http'(handler, { sessions }) {
    const pass = hallpass({ sessions });
    return start(createServer(pass((req, res) => handler(req, res, pass.context(req)))));
  },
  async Express(handler, options) {
    const pass = forExpress.hallpass(options);
    const app = express().use(pass);
    app.use((req, res) => handler(req, res, pass.context(req)));
    return start(createServer(app));
  },
  async 'Fastify, hijacked'(handler, { sessions }) {
    const pass = forFastify.hallpass({ sessions });
    const app = fastify();
    await app.register(pass);
    app.all('/', (request, reply) => {
      reply.hijack();
      return handler(request.raw, reply.raw, pass.context(request));
    });
    await app.ready();
    return start(app.server);
  },
};
const http1 = Object.entries(hosts);

/** Sessions whose commit waits until it is let go, and then may fail. */
function gated() {
  const sessions = createSessions<Data>({ store: memoryStore() });
  const gate = Promise.withResolvers<void>();
  gate.promise.catch(() => {});
  const reached = Promise.withResolvers<void>();
  const host = hostSessions(sessions);
  const { commit } = host;
  host.commit = async (session) => {
    reached.resolve();
    await gate.promise;
    return commit(session);
  };
  return { sessions, reached: reached.promise, ...gate };
}

const open = () => createSessions<Data>({ store: memoryStore() });

/** A source without end. */
const endless = () =>
  new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(16_384)));
    },
  });

/** Opens the session and signs in, so that there is something to commit. */
async function login(context: RequestContext<Data>): Promise<Session<Data>> {
  const session = await context.session();
  session.login('ada');
  return session;
}

async function ask(port: number, method = 'GET') {
  const outgoing = httpRequest({ host: '127.0.0.1', port, method, agent: false }).end();
  const informed: number[] = [];
  outgoing.on('information', ({ statusCode }) => informed.push(statusCode));
  const [message] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  const cookies = (message.headers['set-cookie'] ?? []).map((line) => line.split('=', 1)[0]);
  return { status: message.statusCode, headers: message.headers, cookies, text, informed };
}

describe.each(http1)('%s', (_, serve) => {
  it('nothing of an answer goes out before the commit, and then all of it in its order', async () => {
    const { sessions, reached, resolve } = gated();
    const seen: unknown[] = [];
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.writeHead(201, { 'x-a': '1' });
        res.write('a');
        seen.push(res.write('b', () => seen.push('b written')));
        res.end('c');
        seen.push(res.headersSent, res.writableEnded);
      },
      { sessions },
    );
    let hasBegun = false;
    const answer = ask(port).finally(() => {
      hasBegun = true;
    });
    await reached;
    await new Promise(setImmediate);
    expect([hasBegun, seen]).toEqual([false, [true, true, true]]);
    resolve();
    expect(await answer).toMatchObject({
      status: 201,
      headers: { 'x-a': '1' },
      cookies: ['__Host-session'],
      text: 'abc',
    });
    expect(seen.at(-1)).toBe('b written');
  });

  it('a commit that fails is answered in place of what the handler wrote', async () => {
    const { sessions, reject } = gated();
    reject(new HttpError('session-gone', 409, 'Gone.'));
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        context.cookies.set(theme, 'dark');
        res.writeHead(200, 'Fine', { 'content-type': 'text/html', etag: '"1"', 'x-a': '1' });
        res.write('<p>');
        res.end('done');
      },
      { sessions },
    );
    const answer = await ask(port);
    expect(answer).toMatchObject({ status: 409, headers: { 'x-a': '1' }, cookies: ['theme'] });
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.text).toContain('Gone.');
  });

  it('what is written in a later turn than the end, while that waits, ends no process', async () => {
    const { sessions, reached, resolve } = gated();
    const told: unknown[] = [];
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.end('whole');
        await reached;
        await new Promise(setImmediate);
        res.write('late', (error) => told.push((error as NodeJS.ErrnoException)?.code));
        await new Promise(setImmediate);
        resolve();
      },
      { sessions },
    );
    expect(await ask(port)).toMatchObject({ status: 200, text: 'whole' });
    expect(told).toEqual(['ERR_STREAM_WRITE_AFTER_END']);
  });

  it('what is piped into an answer that is never sent is told that the client has gone', async () => {
    const { sessions, reject } = gated();
    reject(new HttpError('session-gone', 409, 'Gone.'));
    const failure = Promise.withResolvers<unknown>();
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        pipeline(endless(), res, failure.resolve);
      },
      { sessions },
    );
    const answer = await ask(port);
    expect(answer).toMatchObject({ status: 409, headers: { connection: 'close' } });
    expect(await failure.promise).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  it('a long pipe waits with its source, not in memory, and arrives whole', async () => {
    const { sessions, reached, resolve } = gated();
    let pulled = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const source = new Readable({
      read() {
        this.push(pulled++ < 128 ? chunk : null);
      },
    });
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        source.pipe(res);
      },
      { sessions },
    );
    const answer = ask(port);
    await reached;
    await new Promise(setImmediate);
    expect(pulled).toBeLessThan(8);
    resolve();
    const { text } = await answer;
    const whole = createHash('sha256').update('x'.repeat(128 * 65_536));
    expect(createHash('sha256').update(text).digest('hex')).toBe(whole.digest('hex'));
  });

  it('server-sent events flow; the session is settled by then, and late writes say so', async () => {
    const late: unknown[] = [];
    const next = Promise.withResolvers<void>();
    const port = await serve(
      async (_req, res, context) => {
        const session = await login(context);
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.flushHeaders();
        res.write('data: 1\n\n');
        await next.promise;
        for (const write of [() => session.set('note', 'x'), () => context.cookies.set(theme, 'dark')]) {
          try {
            write();
          } catch (error) {
            late.push((error as Error).name);
          }
        }
        res.end('data: 2\n\n');
      },
      { sessions: open() },
    );
    const response = await fetch(`http://127.0.0.1:${port}/`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('data: 1\n\n');
    next.resolve();
    expect((await reader?.read())?.value).toBe('data: 2\n\n');
    expect(late).toEqual(['TypeError', 'TypeError']);
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it('a session that is opened only after the head is refused with a sentence', async () => {
    const late = Promise.withResolvers<unknown>();
    const port = await serve(
      async (_req, res, context) => {
        res.write('x');
        late.resolve(await context.session().catch((error) => error));
        res.end();
      },
      { sessions: open() },
    );
    expect((await ask(port)).cookies).toEqual([]);
    expect(await late.promise).toMatchObject({ name: 'TypeError', message: expect.stringContaining('head') });
  });

  it.each([
    ['GET', 204],
    ['GET', 304],
    ['HEAD', 200],
  ])('%s answered with %i has its cookies and no body', async (method, status) => {
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        context.cookies.set(theme, 'dark');
        res.statusCode = status;
        res.end(status === 200 ? 'body' : undefined);
      },
      { sessions: open() },
    );
    expect(await ask(port, method)).toMatchObject({
      status,
      cookies: ['theme', '__Host-session'],
      text: '',
    });
  });

  it('informational answers go out before anything is settled', async () => {
    const { sessions, reached, resolve } = gated();
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.writeProcessing();
        res.writeEarlyHints({ link: '</a.css>; rel=preload' });
        res.end('x');
        await reached;
        resolve();
      },
      { sessions },
    );
    expect(await ask(port)).toMatchObject({ status: 200, informed: [102, 103], cookies: ['__Host-session'] });
  });

  it('what is committed is kept when the client resets the connection meanwhile', async () => {
    const { sessions, reached, resolve } = gated();
    const ended = Promise.withResolvers<void>();
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.on('close', ended.resolve).end('x');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await reached;
    socket.resetAndDestroy();
    await ended.promise;
    resolve();
    await expect.poll(() => sessions.list('ada')).toHaveLength(1);
  });

  it('what the handler ends after the client has gone is committed', async () => {
    const sessions = open();
    const came = Promise.withResolvers<void>();
    const port = await serve(
      async (req, res, context) => {
        const session = await context.session();
        came.resolve();
        await once(req.socket, 'close');
        session.login('ada');
        res.end('x');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await came.promise;
    socket.destroy();
    await expect.poll(() => sessions.list('ada')).toHaveLength(1);
  });

  it('a client that has closed its half meanwhile gets its answer', async () => {
    const { sessions, reached, resolve } = gated();
    const closed = Promise.withResolvers<void>();
    const port = await serve(
      async (req, res, context) => {
        req.socket.once('end', closed.resolve);
        await login(context);
        res.end('all of it');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await reached;
    socket.end();
    await closed.promise;
    resolve();
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1.1 200 OK[\s\S]*all of it$/);
  });

  it.each<[string, (res: ServerResponse) => unknown]>([
    ['a record', (res) => res.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], Vary: 'Accept' })],
    [
      'a message and a record',
      (res) => res.writeHead(200, 'Fine', { 'Set-Cookie': ['a=1', 'b=2'], Vary: 'Accept' }),
    ],
    [
      'names and values',
      (res) => res.writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Vary', 'Accept']),
    ],
    [
      'earlier headers',
      (res) => res.setHeader('Set-Cookie', ['a=1', 'b=2']).writeHead(200, { Vary: 'Accept' }),
    ],
  ])('headers that the handler writes as %s are kept', async (_how, writeHead) => {
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        writeHead(res);
        res.end();
      },
      { sessions: open() },
    );
    const answer = await ask(port);
    expect(answer).toMatchObject({ status: 200, cookies: ['a', 'b', '__Host-session'] });
    expect(answer.headers.vary).toBe('Accept, Cookie');
  });

  it('an answer with nothing to settle is not touched', async () => {
    const port = await serve((_req, res) => res.writeHead(200, { 'X-Own': '1' }).end('x'), {});
    const answer = await ask(port);
    expect(answer).toMatchObject({ text: 'x', headers: { 'x-own': '1' } });
    expect(answer.headers.vary).toBeUndefined();
  });
});

it('the compatibility layer of HTTP/2 waits in the same way', async () => {
  const { sessions, reached, resolve } = gated();
  const pass = hallpass({ sessions });
  const port = await start(
    http2.createServer(
      pass(async (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
        await login(pass.context(req));
        res.setHeader('x-a', '1');
        res.write('a');
        res.end('b');
      }),
    ),
  );
  const session = http2.connect(`http://127.0.0.1:${port}`);
  closing.unshift(() => session.close());
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  const answered = once(stream, 'response');
  await reached;
  resolve();
  const [headers] = await answered;
  let text = '';
  for await (const chunk of stream) text += chunk;
  expect(headers).toMatchObject({ ':status': 200, 'x-a': '1', vary: 'Cookie' });
  expect(headers['set-cookie']).toHaveLength(1);
  expect(text).toBe('ab');
});
