import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createGzip, gunzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import fastify, { type FastifyReply } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../tools/test/serve.ts';
import { createSessions } from '../session/index.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import * as forExpress from './express.ts';
import * as forFastify from './fastify.ts';

/** A store that another machine could have: every answer comes some turns later. */
function distant(): SessionStore {
  const store = memoryStore();
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await pause(3);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** What a client gets: the status and the body, or how the connection ended. */
async function ask(port: number, path = '/') {
  const outgoing = request({ host: '127.0.0.1', port, path, agent: false }).end();
  try {
    const [message] = await once(outgoing, 'response');
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part);
    const body = Buffer.concat(parts);
    const isZipped = message.headers['content-encoding'] === 'gzip';
    const text = (isZipped ? gunzipSync(body) : body).toString();
    return [message.statusCode, text, isZipped, message.headers['x-own']];
  } catch (error) {
    return [(error as { code?: string }).code];
  }
}

/** As the package compression: a head listener decides, and `flush` sends what the stream has so far. */
const compression: RequestHandler = (_req, res, next) => {
  const { write, end, writeHead } = res as unknown as Record<string, (...args: unknown[]) => unknown>;
  let stream: ReturnType<typeof createGzip> | undefined;
  Object.assign(res, {
    writeHead(...args: unknown[]) {
      if (stream === undefined && !res.headersSent) {
        stream = createGzip();
        res.setHeader('content-encoding', 'gzip');
        res.removeHeader('content-length');
        stream.on('data', (part) => Reflect.apply(write as never, res, [part]));
        stream.on('end', () => Reflect.apply(end as never, res, []));
      }
      return Reflect.apply(writeHead as never, res, args);
    },
    write(part: string) {
      if (!res.headersSent) res.writeHead(res.statusCode);
      if (stream?.writableEnded) return false;
      return stream === undefined ? Reflect.apply(write as never, res, [part]) : stream.write(part);
    },
    end(part?: string) {
      if (!res.headersSent) res.writeHead(res.statusCode);
      if (stream === undefined) return Reflect.apply(end as never, res, part === undefined ? [] : [part]);
      return stream.end(part);
    },
    flush: () => stream?.flush(),
  });
  next();
};

type Seen = unknown[];
type Program = (res: express.Response, seen: Seen) => unknown;

const note = (seen: Seen, work: () => unknown) => {
  try {
    work();
    seen.push('done');
  } catch (error) {
    seen.push((error as { code?: string }).code ?? (error as Error).message);
  }
};

const programs: Record<string, Program> = {
  'two answers, a forgotten return': (res, seen) => {
    res.status(400).json({ error: 'no' });
    note(seen, () => res.json({ ok: true }));
  },
  'a throw after the answer': (res) => {
    res.json({ ok: true });
    throw new Error('late');
  },
  'a status message that Node refuses': (res, seen) => {
    note(seen, () => res.writeHead(200, 'ok\nx'));
    res.statusMessage = 'Refused';
    res.status(500).end('refused');
  },
  'a header that Node refuses': (res, seen) => {
    note(seen, () => res.writeHead(200, { 'x-bad': 'a\nb' }));
    res.status(500).end('refused');
  },
  'headers after the answer': (res, seen) => {
    res.end('x');
    note(seen, () => res.setHeader('x-own', '1'));
    note(seen, () => res.removeHeader('x-own'));
    note(seen, () => res.writeHead(201));
    seen.push(res.headersSent, res.writableEnded, res.writableFinished, res.statusCode);
  },
  'a status that is set after the head': async (res, seen) => {
    res.setHeader('cache-control', 'private, public');
    res.flushHeaders();
    res.statusCode = 201;
    await pause(10);
    seen.push(res.statusCode);
    res.end('x');
  },
  'a write after the end, whose error is listened for': async (res, seen) => {
    res.on('error', (error: { code?: string }) => seen.push(error.code));
    res.end('x');
    seen.push(res.write('y'));
    await pause(1);
  },
  'a chunk that is none': (res, seen) => {
    note(seen, () => res.write({} as string));
    res.end('x');
  },
  'a shell that is flushed before the slow part': async (res, seen) => {
    res.setHeader('content-type', 'text/html');
    res.flushHeaders();
    seen.push(res.headersSent);
    res.write('<shell>');
    (res as { flush?(): void }).flush?.();
    await pause(10);
    res.end('<slow>');
  },
  'head, write and end apart': async (res, seen) => {
    res.writeHead(201, 'Fine', ['X-Own', 'a', 'Content-Type', 'text/plain']);
    seen.push(res.headersSent, res.getHeader('x-own'));
    res.write('a');
    await pause(1);
    res.end('b', () => seen.push('ended'));
    await once(res, 'finish');
    seen.push('finished');
  },
  'the connection ended by the application after the answer': (res, seen) => {
    res.end('whole');
    res.req.socket.destroy();
    seen.push(res.req.socket.destroyed);
  },
};

const mounts: Record<string, (pass: RequestHandler) => RequestHandler[]> = {
  alone: (pass) => [pass],
  'before compression': (pass) => [pass, compression],
  'after compression': (pass) => [compression, pass],
};

describe.each(Object.entries(mounts))('S149: Express, %s', (_, mount) => {
  it.each(Object.entries(programs))('%s', async (_name, program) => {
    const results = [];
    for (const isBare of [true, false]) {
      const pass = forExpress.hallpass({ sessions: createSessions({ store: distant() }) });
      const seen: Seen = [];
      const app = express().set('env', 'test');
      app.use(...mount(isBare ? (_req, _res, next) => next() : pass));
      app.get('/', async (req, res) => {
        if (!isBare) (await pass.session(req)).login('ada');
        await program(res, seen);
      });
      results.push([await ask(await startServer(createServer(app))), seen]);
    }
    const [bare, ours] = results;
    expect(ours).toEqual(bare);
  });
});

describe('Express', () => {
  const pass = () => forExpress.hallpass({ sessions: createSessions({ store: distant() }) });

  it('an error that an error handler recovered from drops nothing of what comes later', async () => {
    const own = pass();
    const recover: ErrorRequestHandler = (_error, _req, _res, next) => next();
    const app = express().use(own);
    app.use((_req, _res, next) => next(new Error('an optional step failed')));
    app.use(recover);
    app.get('/', async (req, res) => {
      (await own.session(req)).login('ada');
      res.json({ ok: true });
    });
    const response = await fetch(`http://127.0.0.1:${await startServer(createServer(app))}/`);
    expect([response.status, response.headers.getSetCookie().length]).toEqual([200, 1]);
  });

  it('S152: a commit that fails is answered by the application', async () => {
    const store = distant();
    const own = forExpress.hallpass({ sessions: createSessions({ store }) });
    const app = express().use(compression, own);
    app.get('/', async (req, res) => {
      (await own.session(req)).set('note', 'x');
      store.create = async () => {
        while (!res.writableEnded) await pause(1); // What compresses takes its time.
        throw new Error('away');
      };
      res.set('x-own', '1').set('etag', '"1"').json({ ok: true });
    });
    const onError: ErrorRequestHandler = (error, _req, res, _next) =>
      void res.status(error.status).json({ handled: error.code });
    app.use(onError);
    expect(await ask(await startServer(createServer(app)))).toEqual([
      503,
      '{"handled":"store-unavailable"}',
      false,
      '1',
    ]);
  });

  it('a commit that fails under a body that is still being compressed ends the connection behind its answer', async () => {
    const store = distant();
    const own = forExpress.hallpass({ sessions: createSessions({ store }), onEvent() {} });
    const late: RequestHandler = (_req, res, next) => {
      const { end } = res;
      res.end = function (this: typeof res, ...given: never[]) {
        res.writeHead(res.statusCode);
        const finish = async () => {
          while (res.getHeader('connection') !== 'close') await pause(1); // As the answer in its place says.
          res.write('a part that comes late');
          Reflect.apply(end, res, given);
        };
        void finish();
        return this;
      } as typeof end;
      next();
    };
    const app = express().use(late, own);
    app.get('/', async (req, res) => {
      (await own.session(req)).set('note', 'x');
      store.create = async () => {
        await pause(3);
        throw new Error('away');
      };
      res.json({ ok: true });
    });
    const socket = connect(await startServer(createServer(app)), '127.0.0.1').setEncoding('latin1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toMatch(/^HTTP\/1.1 503 .*{"error":"store-unavailable".*}$/s);
  });

  it('a connection goes on after every answer', async () => {
    const own = pass();
    const app = express().use(own);
    app.get('/', async (req, res) => {
      (await own.session(req)).login('ada');
      res.json({ n: req.query.n });
    });
    const socket = connect(await startServer(createServer(app)), '127.0.0.1').setEncoding('latin1');
    const one = (n: number) =>
      `GET /?n=${n} HTTP/1.1\r\nHost: a.test\r\n${n === 3 ? 'Connection: close\r\n' : ''}\r\n`;
    socket.write(one(1) + one(2) + one(3)); // pipelined
    let text = '';
    for await (const part of socket) text += part;
    expect(text.match(/{"n":"\d"}/g)).toEqual(['{"n":"1"}', '{"n":"2"}', '{"n":"3"}']);
    expect(text.match(/Set-Cookie/gi)).toHaveLength(3);
  });
});

describe('S149: Fastify', () => {
  const handlers: Record<string, (reply: FastifyReply) => unknown> = {
    'two answers': (reply) => {
      reply.code(400).send({ error: 'no' });
      reply.send({ ok: true });
    },
    'an answer, then a throw': (reply) => {
      reply.send({ ok: true });
      throw new Error('late');
    },
    'an answer without a return': (reply) => void reply.send({ ok: true }),
    'a header that Node refuses': (reply) =>
      reply.header('content-disposition', 'attachment; filename="日本"').send('file'),
    'headers after the answer': (reply) => {
      reply.send('x');
      reply.header('x-own', '1').code(500);
    },
    'a stream that fails before its first octet': (reply) => {
      const stream = new Readable({ read: () => setImmediate(() => stream.destroy(new Error('broken'))) });
      return reply.send(stream);
    },
    'a stream that fails while the commit waits': (reply) => {
      const stream = new Readable({ read: () => {} });
      stream.push('the beginning');
      setTimeout(() => stream.destroy(new Error('broken')), 1);
      return reply.send(stream);
    },
    'a raw response, not hijacked': (reply) => void reply.raw.end('raw'),
    'a Response whose body was read': async (reply) => {
      const response = new Response('x');
      await response.text();
      return reply.send(response);
    },
  };

  it.each(Object.entries(handlers))('%s', async (_name, handler) => {
    const results = [];
    for (const isBare of [true, false]) {
      const own = forFastify.hallpass({ sessions: createSessions({ store: distant() }) });
      const app = fastify();
      if (!isBare) await app.register(own);
      app.get('/', async (request, reply) => {
        if (!isBare) (await own.session(request)).login('ada');
        return handler(reply);
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      onTestFinished(() => app.close());
      results.push(await ask((app.server.address() as AddressInfo).port));
    }
    const [bare, ours] = results;
    expect(ours).toEqual(bare);
  });

  it('a commit that fails is answered by the application', async () => {
    const store = distant();
    const own = forFastify.hallpass({ sessions: createSessions({ store }) });
    const app = fastify();
    await app.register(own);
    app.setErrorHandler((error: { status?: number; code?: string }, _request, reply) =>
      reply.code(error.status ?? 500).send({ handled: error.code }),
    );
    app.get('/', async (request, reply) => {
      (await own.session(request)).set('note', 'x');
      store.create = () => Promise.reject(new Error('away'));
      return reply.header('x-own', '1').type('text/html').send('<p>');
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    expect(await ask(port)).toEqual([503, '{"handled":"store-unavailable"}', false, '1']);
    expect((await app.inject('/')).statusCode).toBe(503);
  });
});
