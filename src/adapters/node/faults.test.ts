import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import * as http2 from 'node:http2';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { describe, expect, it } from 'vitest';
import { type Data, gated, nodeHosts } from '../../../tools/test/node-hosts.ts';
import { sendRaw, startServer } from '../../../tools/test/serve.ts';
import { defineCookie } from '../../cookie/define.ts';
import { generateKey, keyRing, sealed } from '../../seal/index.ts';
import { pipeline, type RequestContext, type ServerEvent } from '../../server/index.ts';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';
import { hallpass as onFastify } from '../fastify.ts';
import { type HallpassEnv, hallpass as onHono } from '../hono.ts';
import { hallpass } from './hallpass.ts';
import { toNodeListener } from './listener.ts';

async function start(listener?: RequestListener) {
  const server = createServer(listener);
  return { server, port: await startServer(server) };
}

describe('toNodeListener', () => {
  it('S149: a body that the handler stops reading goes on into nothing', async () => {
    const stopped = Promise.withResolvers<void>();
    const { port } = await start(
      toNodeListener(async (request, { incoming }) => {
        for await (const _part of request.body ?? []) break;
        stopped.resolve();
        await once(incoming, 'end'); // Node throws the rest away by itself once the answer has gone.
        return new Response('enough');
      }) as RequestListener,
    );
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\nConnection: close\r\n\r\n12345');
    await stopped.promise;
    socket.write('67890');
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toContain('enough');
  });

  it('S151: a fetched answer goes out as it was decoded, also through the pipeline', async () => {
    const zipped = gzipSync('the whole body');
    const upstream = await start((_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length }).end(zipped);
    });
    const proxy = () => fetch(`http://127.0.0.1:${upstream.port}/`);
    const sessions = createSessions({ store: memoryStore() });
    const served = pipeline({ sessions })(async (_request, context) => {
      (await context.session()).set('seen', 1);
      return proxy();
    });
    for (const handler of [proxy, served]) {
      const { port } = await start(toNodeListener(handler) as RequestListener);
      const response = await fetch(`http://127.0.0.1:${port}/`);
      expect([response.headers.get('content-encoding'), await response.text()]).toEqual([
        null,
        'the whole body',
      ]);
    }
  });

  it('S151: a body longer than its length never becomes the next answer', async () => {
    const { port } = await start(
      toNodeListener(() => new Response('0123456789', { headers: { 'content-length': '4' } }), {
        onError() {},
      }) as RequestListener,
    );
    await expect(fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())).rejects.toThrow();
  });

  it('S153: a body whose client has gone before is cancelled', async () => {
    const came = Promise.withResolvers<AbortSignal>();
    const cancelled = Promise.withResolvers<void>();
    const { port } = await start(
      toNodeListener(async ({ signal }) => {
        came.resolve(signal);
        await new Promise((gone) => signal.addEventListener('abort', gone));
        return new Response(new ReadableStream({ cancel: () => cancelled.resolve() }));
      }) as RequestListener,
    );
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await came.promise;
    socket.destroy();
    await cancelled.promise;
  });

  it('S153: so it is over HTTP/2, and so are the events of Hono behind requireUser', async () => {
    const came = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const app = new Hono<HallpassEnv<ReturnType<typeof createSessions>>>();
    app.use(onHono({ sessions: createSessions({ store: memoryStore() }) }));
    app.get('/', async (c) => {
      (await c.var.hallpass.session()).login('ada');
      await c.var.hallpass.requireUser();
      came.resolve();
      await once(c.req.raw.signal, 'abort');
      return streamSSE(c, async (stream) => {
        stream.onAbort(ended.resolve);
        await ended.promise;
      });
    });
    const port = await startServer(http2.createServer(toNodeListener(app.fetch)));
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':path': '/' }).on('error', () => {});
    await came.promise;
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await ended.promise;
    session.close();
  });

  it('HEAD of a Response that was cloned is answered', async () => {
    const kept = new Response('body');
    const { port } = await start(toNodeListener(() => kept.clone()) as RequestListener);
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('S149: a listener to prefinish that throws', () => {
  it.each([
    ['goes out', false],
    ['cannot be committed', true],
  ])('while an answer %s is a failure that is told, and leaves no connection', async (_, fails) => {
    const reported = Promise.withResolvers<void>();
    const { sessions, resolve, reject } = gated();
    const onEvent = (event: ServerEvent) => {
      if (event.type === 'failed' && String(event.error).includes('of a listener')) reported.resolve();
    };
    const pass = hallpass<Data>({ sessions, onEvent });
    const { port } = await start(
      pass(async (req, res) => {
        (await pass.session(req)).login('ada');
        res.on('prefinish', () => {
          throw new Error('of a listener');
        });
        res.end('x');
        if (fails) reject(new Error('away'));
        else resolve();
      }),
    );
    const answer = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    expect(answer).toMatch(fails ? /^HTTP\/1.1 500 / : /^HTTP\/1.1 200 .*\r\nx$/s);
    await reported.promise;
  });
});

describe('S149: an upgrade', () => {
  async function upgrading(open: () => Promise<string | undefined>) {
    const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), onEvent() {} });
    const { server, port } = await start();
    const judged = Promise.withResolvers<unknown>();
    server.on('upgrade', (req, socket) => {
      judged.resolve(
        pass.upgrade(req, socket, async () => {
          socket.end(`HTTP/1.1 200 OK\r\n\r\n${await open()}`);
        }),
      );
    });
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    return { socket, judged: judged.promise };
  }

  it('whose peer resets meanwhile ends nothing but itself', async () => {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<undefined>();
    const { socket, judged } = await upgrading(() => {
      reached.resolve();
      return opened.promise;
    });
    await reached.promise;
    socket.resetAndDestroy();
    await once(socket, 'close');
    opened.resolve(undefined);
    await judged;
  });

  it.each([
    ['is refused', 'Origin: https://evil.test\r\n', '403'],
    ['is let in', '', '101'],
  ])(
    'that %s goes out behind the answers that were asked for before, which wait',
    async (_, origin, status) => {
      const { sessions, reached, resolve } = gated();
      const pass = hallpass<Data>({ sessions, onEvent() {} });
      const { server, port } = await start(
        pass(async (req, res) => {
          (await pass.session(req)).login('ada');
          res.end(`answer to ${req.url}`);
        }),
      );
      server.on('upgrade', async (req, socket) => {
        const judged = pass.upgrade(req, socket, () =>
          socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
        );
        await reached;
        await new Promise(setImmediate);
        resolve();
        await judged;
      });
      const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${more}\r\n`;
      const upgrade = get('/', `Connection: Upgrade\r\nUpgrade: websocket\r\n${origin}`);
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      socket.write(get('/1') + get('/2') + upgrade);
      let text = '';
      for await (const part of socket) text += part;
      expect(text.match(/HTTP\/1.1 \d+|answer to ..|"error"/g)?.slice(0, 5)).toEqual([
        'HTTP/1.1 200',
        'answer to /1',
        'HTTP/1.1 200',
        'answer to /2',
        `HTTP/1.1 ${status}`,
      ]);
    },
  );

  it('whose store is away is answered', async () => {
    const { socket, judged } = await upgrading(() => Promise.reject(new Error('away')));
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toMatch(/^HTTP\/1.1 500 /);
    expect(await judged).toBeUndefined();
  });
});

describe('S150: a Response that a handler keeps', () => {
  it('is given to the next visitor without the cookies of the one before', async () => {
    const done = new Response(null, { status: 204 });
    const handler = pipeline({ sessions: createSessions({ store: memoryStore() }) })(
      async (request, context) => {
        const session = await context.session();
        if (request.method === 'POST') session.login('ada');
        return done;
      },
    );
    const login = await handler(new Request('https://a.test/', { method: 'POST' }));
    const stranger = await handler(new Request('https://a.test/'));
    expect([login, stranger].map(({ headers }) => headers.getSetCookie().length)).toEqual([1, 0]);
    expect([...done.headers]).toEqual([]);
  });
});

describe('S149: a coded cookie that is too large', () => {
  const large = defineCookie('large', { codec: sealed(keyRing(generateKey())) });

  it.each<[string, number, (setting: Promise<void>) => unknown]>([
    ['not awaited', 500, () => {}],
    ['not awaited, and refused long before the handler is done', 500, () => new Promise(setImmediate)],
    ['awaited', 500, (setting) => setting],
    ['caught', 200, (setting) => setting.catch(() => {})],
  ])('%s, is answered with %i', async (_, status, wait) => {
    const events: ServerEvent[] = [];
    const handler = pipeline({ onEvent: (event) => events.push(event) })(async (_request, context) => {
      await wait(context.cookies.set(large, 'x'.repeat(5_000)));
      return new Response('x');
    });
    expect((await handler(new Request('https://a.test/'))).status).toBe(status);
    expect(events.map(({ type }) => type)).toEqual(status === 500 ? ['failed'] : []);
  });
});

describe('a session that a handler asks for and does not await', () => {
  type Count = (context: RequestContext<Data>) => unknown;
  type Serve = (count: Count, sessions: ReturnType<typeof gated>['sessions']) => Promise<number>;
  const hosts: [string, Serve][] = [
    ...nodeHosts.map(([name, serve]): [string, Serve] => [
      name,
      (count, sessions) =>
        serve(
          (_req, res, context) => {
            count(context);
            res.end('x');
          },
          { sessions },
        ),
    ]),
    [
      'Fastify',
      async (count, sessions) => {
        const pass = onFastify({ sessions });
        const app = fastify();
        await app.register(pass);
        app.get('/', (request, reply) => {
          count(pass.context(request));
          reply.send('x');
        });
        await app.ready();
        return startServer(app.server);
      },
    ],
    [
      'Hono',
      async (count, sessions) => {
        const app = new Hono<HallpassEnv<typeof sessions>>();
        app.use(onHono({ sessions })).get('/', (c) => {
          count(c.var.hallpass);
          return c.text('x');
        });
        return startServer(createServer(toNodeListener(app.fetch) as RequestListener));
      },
    ],
  ];
  const next = (note = '') => `${note}x`;
  const forms: [string, Count][] = [
    ['.then', (context) => void context.session().then((session) => session.update('note', next))],
    ['an async function', async (context) => (await context.session()).update('note', next)],
    [
      'the second to ask',
      (context) => {
        context.session().then((session) => session.user);
        context.session().then((session) => session.update('note', next));
      },
    ],
  ];
  const stores = ['at once', 'later'];

  it.each(
    hosts.flatMap(([host, serve]) =>
      stores.flatMap((when) => forms.map(([form, count]) => ({ host, serve, when, form, count }))),
    ),
  )('is waited for, and keeps what it wrote: $host, a store that answers $when, $form', async (given) => {
    const inner = memoryStore();
    const store = new Proxy(inner, {
      get(target, name: keyof typeof inner) {
        const method = target[name];
        if (typeof method !== 'function' || given.when === 'at once') return method;
        return async (...args: unknown[]) => Reflect.apply(method, target, args);
      },
    });
    const sessions = createSessions<Data>({ store });
    const origin = `http://127.0.0.1:${await given.serve(given.count, sessions)}`;
    const first = await fetch(origin);
    const cookie = String(first.headers.getSetCookie()[0]).split(';', 1)[0] as string;
    const second = await fetch(origin, { headers: { cookie } });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await sessions.open(cookie)).get('note')).toBe('xx');
  });
});

describe('headers that writeHead is given, with a session that was written', () => {
  it.each<[string, () => object, RegExp]>([
    ['of a Headers, of which Node takes none', () => new Headers({ 'x-a': 'b' }), /^HTTP\/1.1 200 /],
    [
      'inherited, of which Node takes none',
      () =>
        Object.assign(Object.create({ 'x-a': 'b', 'set-cookie': 'x-a=b' }), {
          'cache-control': 'public',
          vary: 'Accept',
        }),
      /^HTTP\/1.1 200 /,
    ],
    [
      'that are others when they are read again, end in a whole answer',
      () => {
        let reads = 0;
        return Object.defineProperty({}, 'x-b', {
          enumerable: true,
          get: () => (reads++ === 0 ? 'b' : '\n'),
        });
      },
      /^HTTP\/1.1 200 /,
    ],
  ])('%s', async (_, headers, status) => {
    const pass = hallpass({ sessions: createSessions<Data>({ store: memoryStore() }) });
    const { port } = await start(
      pass(async (req, res) => {
        (await pass.session(req)).set('note', 'a');
        try {
          res.writeHead(200, headers() as Record<string, string>);
        } catch {}
        res.end('e');
      }) as RequestListener,
    );
    const request = 'GET / HTTP/1.1\r\nHost: a.test\r\n';
    const answers = await sendRaw(port, `${request}\r\n${request}Connection: close\r\n\r\n`);
    const parts = answers.split(/(?=HTTP\/1\.1 )/);
    expect(parts).toHaveLength(2);
    for (const part of parts) {
      const [head = '', body] = part.split('\r\n\r\n', 1 + 1);
      expect(head).toMatch(status);
      expect(head).not.toMatch(/x-a/);
      const isChunked = /^transfer-encoding: chunked$/im.test(head);
      expect([isChunked, /^content-length: /im.test(head)]).toEqual([isChunked, !isChunked]);
      expect(body).toBe(isChunked ? '1\r\ne\r\n0' : 'e');
    }
  });
});
