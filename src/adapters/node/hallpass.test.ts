import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import { connect } from 'node:net';
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startServer } from '../../../tools/test/serve.ts';
import { defineCookie } from '../../cookie/define.ts';
import { HttpError } from '../../errors.ts';
import type { ServerEvent } from '../../server/index.ts';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';
import { selfSignedCertificate } from '../../testing/lab/certificate.ts';
import { type HallpassOptions, hallpass } from './hallpass.ts';

interface Data {
  note: string;
}

const theme = defineCookie('theme');
const own = 'https://app.example.test';
const front = 'https://front.example.test';
const cors = { origins: [front], credentials: true };
const open = () => createSessions<Data>({ store: memoryStore() });

/** What a listener that ends in this way answers, to a page of another origin. */
async function answerOf(
  end: (req: IncomingMessage, res: import('node:http').ServerResponse) => unknown,
  options: HallpassOptions<Data> = {},
  headers: Record<string, string> = {},
  method = 'GET',
) {
  const pass = hallpass({ sessions: open(), cors, ...options });
  const listener = pass((req, res) => {
    pass.context(req).cookies.set(theme, 'dark');
    return end(req, res);
  });
  const port = await startServer(createServer(listener));
  return fetch(`http://127.0.0.1:${port}/x`, {
    method,
    headers: { origin: front, connection: 'close', ...headers },
  });
}

it.each([['at once'], ['later']])(
  'a program that has replaced the global Promise keeps its sessions, with a store that answers %s',
  async (when) => {
    const inner = memoryStore();
    const store = new Proxy(inner, {
      get(target, name: keyof typeof inner) {
        const method = target[name];
        if (typeof method !== 'function' || when === 'at once') return method;
        return async (...given: unknown[]) => Reflect.apply(method, target, given);
      },
    });
    const pass = hallpass({ sessions: createSessions<Data>({ store }) });
    const listener = pass(async (req: IncomingMessage, res: ServerResponse) => {
      const session = await pass.session(req);
      if (req.url === '/in') session.login('ada');
      if (req.url === '/fails') throw new HttpError('unauthenticated', 401, 'Sign in first.');
      res.end(`${session.user}`);
    });
    const native = globalThis.Promise;
    onTestFinished(() => void Object.assign(globalThis, { Promise: native }));
    const base = `http://127.0.0.1:${await startServer(createServer(listener))}`;
    globalThis.Promise = class extends native<unknown> {} as PromiseConstructor;
    const first = await fetch(`${base}/in`, { method: 'POST' });
    const cookie = String(first.headers.getSetCookie()[0]).split(';', 1)[0] as string;
    const second = await fetch(base, { headers: { cookie } });
    const third = await fetch(`${base}/fails`);
    expect([first.status, second.status, await second.text(), third.status]).toEqual([200, 200, 'ada', 401]);
  },
);

it.each([['http'], ['http2'], ['own functions']])(
  'a handler reaches nothing by which an answer is committed: %s',
  async (version) => {
    const pass = hallpass({ sessions: open() });
    const reached: string[] = [];
    const makers: unknown[] = [];
    const contexts: unknown[] = [];
    const listener = pass(async (req: IncomingMessage, res: import('node:http').ServerResponse) => {
      (await pass.session(req)).set('note', 'a'); // The answer waits, so that all of it that waits is there.
      res.write('a');
      const stream: object = Reflect.get(res, 'stream') ?? {};
      for (const object of [req, res, stream, Object.create(req), { ...req }]) {
        for (const key of Object.getOwnPropertySymbols(object)) {
          const value: unknown = Reflect.get(object, key);
          if (typeof value === 'object') reached.push(...namesOf(value));
          if (!String(key).startsWith('Symbol(hallpass')) continue;
          makers.push((value as object).constructor);
        }
      }
      contexts.push(...[req, Object.create(req), new Proxy(req, {})].map((one) => pass.context(one)));
      res.end();
    });
    if (version === 'http') {
      await fetch(`http://127.0.0.1:${await startServer(createServer(listener))}/`);
    } else if (version === 'own functions') {
      class Own extends ServerResponse {}
      Own.prototype.end = function (...args: never[]) {
        return Reflect.apply(ServerResponse.prototype.end, this, args);
      };
      await fetch(`http://127.0.0.1:${await startServer(createServer({ ServerResponse: Own }, listener))}/`);
    } else {
      const port = await startServer(http2.createServer(listener as never));
      const session = http2.connect(`http://127.0.0.1:${port}`);
      await once(session.request({ ':path': '/' }).resume(), 'close');
      session.close();
    }
    expect(contexts).toHaveLength(3);
    expect(new Set(contexts).size).toBe(1); // What is put round a request has its context all the same.
    expect(makers.length).toBeGreaterThan(2);
    for (const maker of makers) expect(maker).toBe(Object); // It makes nothing that could take the place of what was found.
    expect(reached).toContain('constructor');
    for (const name of [
      'run',
      'commit',
      'begin',
      'admit',
      'answer',
      'writeForAnyone',
      'context',
      'storeHeader',
      'writeFirst',
    ]) {
      expect(reached).not.toContain(name);
    }
  },
);

it('what one answer carries is refused on another that it is assigned to: nobody gets the session of somebody else', async () => {
  const pass = hallpass({ sessions: open() });
  const [firstIsIn, assigned] = [Promise.withResolvers<object>(), Promise.withResolvers<void>()];
  const thrown: unknown[] = [];
  const listener = pass(async (req: IncomingMessage, res: ServerResponse) => {
    (await pass.session(req)).set('note', req.url ?? '');
    if (req.url === '/first') {
      firstIsIn.resolve(res);
      await assigned.promise;
    } else {
      const first = await firstIsIn.promise;
      for (const key of Object.getOwnPropertySymbols(first))
        if (String(key).startsWith('Symbol(hallpass')) Reflect.set(res, key, Reflect.get(first, key));
    }
    try {
      res.end('ok');
    } catch (error) {
      thrown.push(error);
      throw error;
    }
  });
  const at = `http://127.0.0.1:${await startServer(createServer(listener))}`;
  const first = fetch(`${at}/first`);
  await expect(fetch(`${at}/second`)).rejects.toThrow();
  assigned.resolve();
  const answer = await first;
  expect([answer.status, answer.headers.getSetCookie().length, await answer.text()]).toEqual([200, 1, 'ok']);
  expect(thrown).toEqual([
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('of another') }),
  ]);
});

/** The names of all members, inherited ones too. */
function namesOf(object: object | null): string[] {
  return object === null
    ? []
    : [...Object.getOwnPropertyNames(object), ...namesOf(Object.getPrototypeOf(object))];
}

it('an error whose own answer breaks off ends the connection, and nothing else; before its first byte it is a 500', async () => {
  const broken = (parts: string[]) => () => {
    const chunks = parts.map((part) => new TextEncoder().encode(part));
    const pull = (sink: ReadableStreamDefaultController) => {
      const chunk = chunks.shift();
      if (chunk === undefined) sink.error(new Error('hush'));
      else sink.enqueue(chunk);
    };
    const body = new ReadableStream({ pull: (sink) => void setImmediate(() => pull(sink)) });
    throw Object.assign(new Error('hush'), { getResponse: () => new Response(body, { status: 400 }) });
  };
  expect((await answerOf(broken([]))).status).toBe(500);
  await expect(answerOf(broken(['half', 'way'])).then((response) => response.text())).rejects.toThrow();
});

describe('what a listener throws is answered, with its cookies and CORS headers', () => {
  it.each<[string, () => unknown, number, object]>([
    [
      'a throw',
      () => {
        throw new Error('hush');
      },
      500,
      { error: 'internal' },
    ],
    ['a rejection', async () => Promise.reject(new Error('hush')), 500, { error: 'internal' }],
    [
      'an error of ours',
      () => {
        throw new HttpError('bad-request', 400, 'No.');
      },
      400,
      { error: 'bad-request', message: 'No.' },
    ],
  ])('%s', async (_, end, status, body) => {
    const response = await answerOf(end);
    expect([response.status, await response.json()]).toEqual([status, body]);
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^theme=dark/)]);
    expect(response.headers.get('access-control-allow-origin')).toBe(front);
  });

  it('headers that spoke of the body that was begun are gone, and the failure is told', async () => {
    const events: ServerEvent[] = [];
    const response = await answerOf(
      (_req, res) => {
        res.setHeader('content-type', 'text/html').setHeader('x-a', '1');
        throw new Error('hush');
      },
      { onEvent: (event) => events.push(event) },
    );
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-a')).toBe('1');
    expect(events).toMatchObject([{ type: 'failed', status: 500, path: '/x' }]);
  });

  it('half-way through an answer the connection ends; after it, nothing happens', async () => {
    const halfWay = answerOf((_req, res) => {
      res.write('half');
      throw new Error('hush');
    });
    await expect(halfWay.then((response) => response.text())).rejects.toThrow();
    const after = await answerOf((_req, res) => {
      res.end('whole');
      throw new Error('hush');
    });
    expect(await after.text()).toBe('whole');
  });
});

describe('a refusal', () => {
  const forged = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };

  it('is answered before the listener', async () => {
    const response = await answerOf((_req, res) => res.end('reached'), {}, forged, 'POST');
    expect([response.status, (await response.json()).error]).toEqual([403, 'csrf-refused']);
    expect(response.headers.get('vary')).toBe('Origin, Sec-Fetch-Site');
  });

  it('is answered by onRefuse, with the request of Node', async () => {
    const onRefuse: HallpassOptions<Data>['onRefuse'] = (verdict, req) =>
      new Response(`${req.url} ${verdict.reasons[0]?.code}`, { status: 418 });
    const response = await answerOf((_req, res) => res.end('reached'), { onRefuse }, forged, 'POST');
    expect([response.status, await response.text()]).toEqual([418, '/x csrf-cross-site']);
  });
});

it('a request that has not passed has no context, and the sentence says why', () => {
  expect(() => hallpass({}).context({} as IncomingMessage)).toThrow(/serve it with pass\(listener\)/);
});

it('the types follow the sessions and the kind of server', () => {
  const pass = hallpass({ sessions: open() });
  createServer(
    pass(async (req, res) => {
      expectTypeOf((await pass.session(req)).get('note')).toEqualTypeOf<string | undefined>();
      expectTypeOf(res.writeProcessing).toBeFunction();
    }),
  );
  http2.createServer(pass((_req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => res.stream));
});

it('HTTP/2 over TLS: a login in one stream is known in the next, and HTTP/1.1 on the same port too', async () => {
  const { certificate, key } = selfSignedCertificate(['localhost']);
  const pass = hallpass({ sessions: open(), origins: [own] });
  const serve = pass(async (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
    const session = await pass.session(req);
    if (req.method === 'POST') session.login('ada');
    res.writeHead(200, { 'content-type': 'text/plain' });
    res.end(session.user ?? 'nobody');
  });
  const port = await startServer(
    http2.createSecureServer({ cert: certificate, key, allowHTTP1: true }, serve),
  );
  const client = http2.connect(`https://localhost:${port}`, { ca: certificate });
  onTestFinished(() => client.close());
  const ask = async (headers: http2.OutgoingHttpHeaders) => {
    const stream = client.request(headers, { endStream: true }).setEncoding('utf8');
    const [head] = await once(stream, 'response');
    let text = '';
    for await (const chunk of stream) text += chunk;
    return { head, text };
  };
  const { head } = await ask({ ':path': '/', ':method': 'POST', 'sec-fetch-site': 'same-origin' });
  expect(head).toMatchObject({ ':status': 200, 'cache-control': 'private, no-store' });
  const cookie = head['set-cookie'][0].split(';', 1)[0];
  expect((await ask({ ':path': '/', cookie: ['a=1', cookie] })).text).toBe('ada');
  const forged = await ask({ ':path': '/', ':method': 'POST', 'sec-fetch-site': 'cross-site', cookie });
  expect(forged.head[':status']).toBe(403);

  const { request } = await import('node:https');
  const [old] = await once(
    request({ host: 'localhost', port, ca: certificate, headers: { cookie }, agent: false }).end(),
    'response',
  );
  let text = '';
  for await (const chunk of old.setEncoding('utf8')) text += chunk;
  expect([old.httpVersion, text]).toEqual(['1.1', 'ada']);
});

describe('S81: a WebSocket upgrade', () => {
  /** A chat that greets whoever is signed in, and the cookie of somebody who is. */
  async function chat() {
    const pass = hallpass({ sessions: open(), origins: [own] });
    const server = createServer(
      pass(async (req, res) => {
        (await pass.session(req)).login('ada');
        res.end();
      }),
    );
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', async (req, socket, head) => {
      const context = await pass.upgrade(req, socket);
      if (context === undefined) return;
      const user = await context.user();
      sockets.handleUpgrade(req, socket, head, (ws) => ws.send(`hello ${user}`));
    });
    const port = await startServer(server);
    const login = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    const cookie = login.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    return { url: `ws://127.0.0.1:${port}/`, cookie, port };
  }

  it('from the own page knows the visitor', async () => {
    const { url, cookie } = await chat();
    const socket = new WebSocket(url, { headers: { origin: own, cookie } });
    const [message] = await once(socket, 'message');
    socket.close();
    expect(String(message)).toBe('hello ada');
  });

  it.each([
    ['another origin', { origin: 'https://evil.test' }],
    ['another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['an opaque origin', { origin: 'null' }],
  ])('from %s is refused, and the answer says why', async (_, headers) => {
    const { port, cookie } = await chat();
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port,
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        cookie,
        ...headers,
      },
    }).end();
    const [message] = await once(outgoing, 'response');
    let text = '';
    for await (const chunk of message.setEncoding('utf8')) text += chunk;
    expect([message.statusCode, JSON.parse(text).error]).toEqual([403, 'csrf-refused']);
  });
});

describe('what proxies say', () => {
  const through = async (trustProxy: string | undefined, lines: string) => {
    const pass = hallpass({ trustProxy });
    const port = await startServer(
      createServer(pass((req, res) => res.setHeader('connection', 'close').end(pass.context(req).address))),
    );
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    socket.end(`GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${lines}\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return [Number(answer.split(' ', 2)[1]), answer.split('\r\n\r\n', 2)[1]];
  };
  const forwarded = 'X-Forwarded-For: 203.0.113.9\r\n';

  it('is believed on the connections of trusted proxies only', async () => {
    expect(await through(undefined, forwarded)).toEqual([200, '127.0.0.1']);
    expect(await through('10.0.0.0/8', forwarded)).toEqual([200, '127.0.0.1']);
    expect(await through('127.0.0.1', forwarded)).toEqual([200, '203.0.113.9']);
  });

  it('two Hosts are one too many', async () => {
    expect((await through(undefined, 'Host: b.test\r\n'))[0]).toBe(400);
  });

  it('what is no address is a TypeError at start', () => {
    expect(() => hallpass({ trustProxy: 'proxy.internal' })).toThrow(/trustProxy/);
  });
});
