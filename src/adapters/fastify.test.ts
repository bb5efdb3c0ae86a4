import { EventEmitter, once } from 'node:events';
import * as http2 from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { HttpError } from '../errors.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { type HallpassOptions, hallpass } from './fastify.ts';

interface Data {
  note: string;
}

const theme = defineCookie('theme');
const front = 'https://front.example.test';
const cors = { origins: [front], credentials: true };
const open = () => createSessions<Data>({ store: memoryStore() });

const apps: FastifyInstance[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

/** An app whose every request sets the theme and signs in, and whose route ends as told. */
async function appThat(end: RouteHandlerMethod, options: HallpassOptions<Data> = {}) {
  const pass = hallpass({ sessions: open(), cors, ...options });
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  await app.register(pass);
  app.addHook('preHandler', async (request) => {
    pass.context(request).cookies.set(theme, 'dark');
    (await pass.session(request)).login('ada');
  });
  app.route({ method: ['GET', 'POST'], url: '/x', handler: end });
  return { app, pass };
}

async function ask(app: FastifyInstance, path = '/x', init: RequestInit = {}) {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const headers = { origin: front, ...init.headers };
  return fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init, headers });
}

/** Status, the names of the cookies set, and whether the CORS header stands. */
const summary = (response: Response) => [
  response.status,
  response.headers.getSetCookie().map((line) => line.split('=', 1)[0]),
  response.headers.get('access-control-allow-origin') === front,
];
const crash = () => {
  throw new Error('hush');
};

it('S134: registered first, its headers stand on the answer of a guard; behind the guard it never runs', async () => {
  for (const isFirst of [true, false]) {
    const app = fastify({ forceCloseConnections: true });
    apps.push(app);
    const pass = hallpass({ sessions: open(), cors });
    if (isFirst) await app.register(pass);
    app.addHook('onRequest', async (_request, reply) => reply.code(401).send('Sign in.'));
    if (!isFirst) await app.register(pass);
    expect(summary(await ask(app))).toEqual([401, [], isFirst]);
  }
});

describe('cookies and CORS headers survive', () => {
  const all = ['theme', '__Host-session'];

  it.each<[string, RouteHandlerMethod, number, string[]]>([
    ['an object', async () => ({ ok: true }), 200, all],
    ['reply.redirect', async (_request, reply) => reply.redirect('/y'), 302, all],
    ['a stream', async () => Readable.from(['a', 'b']), 200, all],
    ['a Response', async () => new Response('body', { headers: { vary: 'Accept' } }), 200, all],
    ['an immutable Response', async () => Response.redirect('https://a.test/'), 302, all],
    ['no content', async (_request, reply) => reply.code(204).send(), 204, all],
    ['a failure that is answered', async (_request, reply) => reply.code(503).send('down'), 503, ['theme']],
    ['a throw', crash, 500, ['theme']],
    ['a rejection', async () => crash(), 500, ['theme']],
    ['an Error that is sent', async (_request, reply) => reply.send(new Error('hush')), 500, ['theme']],
    [
      'an error of ours',
      async () => {
        throw new HttpError('bad-request', 400, 'No.');
      },
      400,
      ['theme'],
    ],
  ])('%s', async (_, end, status, cookies) => {
    expect(summary(await ask((await appThat(end)).app))).toEqual([status, cookies, true]);
  });

  it('a 404 of the app', async () => {
    const { app } = await appThat(crash);
    expect((await ask(app, '/nowhere')).headers.get('access-control-allow-origin')).toBe(front);
  });

  it('an error handler that answers with something else than an error', async () => {
    const { app } = await appThat(crash);
    app.setErrorHandler((_error, _request, reply) => reply.code(418).send({ sorry: true }));
    expect(summary(await ask(app))).toEqual([418, ['theme'], true]);
  });

  it('cookies and Vary of the handler', async () => {
    const { app } = await appThat(async (_request, reply) => {
      reply.raw.setHeader('set-cookie', 'raw=1');
      return reply
        .header('set-cookie', 'raw=1')
        .header('set-cookie', 'theme=light; Path=/')
        .header('vary', 'Accept')
        .send('ok');
    });
    const response = await ask(app);
    expect(summary(response)).toEqual([200, ['raw', ...all], true]);
    expect(response.headers.getSetCookie()[1]).toMatch(/^theme=dark;/);
    expect(response.headers.get('vary')).toBe('Accept, Origin, Cookie');
  });

  it('a Response keeps its own headers, and ours are added', async () => {
    const { app } = await appThat(
      async () => new Response('body', { headers: { vary: 'Accept', 'set-cookie': 'theirs=1' } }),
    );
    const response = await ask(app);
    expect(response.headers.get('vary')).toBe('Accept, Origin, Cookie');
    expect(summary(response)[1]).toEqual(['theirs', ...all]);
    expect(await response.text()).toBe('body');
  });

  it('S150: a Response that the handler keeps is never written to', async () => {
    const kept = new Response(null, { status: 202 });
    const { app } = await appThat(async () => kept);
    for (let visitor = 0; visitor < 2; visitor++) expect(summary(await ask(app))).toEqual([202, all, true]);
    expect([...kept.headers]).toEqual([]);
  });
});

describe('a commit that fails', () => {
  const gone = () => {
    const sessions = open();
    hostSessions(sessions).commit = async () => {
      throw new HttpError('session-gone', 409, 'Gone.');
    };
    return sessions;
  };
  const end: RouteHandlerMethod = async (_request, reply) =>
    reply
      .code(201)
      .header('cache-control', 'public')
      .header('etag', '"1"')
      .header('x-a', '1')
      .send({ ok: true });

  it('is an error of the app, and nothing that spoke of the body before is left', async () => {
    const { app } = await appThat(end, { sessions: gone() });
    const response = await ask(app);
    expect(summary(response)).toEqual([409, ['theme'], true]);
    expect(await response.json()).toMatchObject({ statusCode: 409, code: 'session-gone', message: 'Gone.' });
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('x-a')).toBe('1');
    expect(response.headers.get('cache-control')).toMatch(/no-store/);
  });

  it('may be answered by setErrorHandler', async () => {
    const { app } = await appThat(end, { sessions: gone() });
    app.setErrorHandler((error: HttpError, _request, reply) => reply.code(error.status).send(error.body));
    const response = await ask(app);
    expect(summary(response)).toEqual([409, ['theme'], true]);
    expect(await response.json()).toEqual({ error: 'session-gone', message: 'Gone.' });
  });

  it('ends the stream that was to be sent', async () => {
    const stream = Readable.from(['a']);
    const { app } = await appThat(async () => stream, { sessions: gone() });
    expect((await ask(app)).status).toBe(409);
    expect(stream.destroyed).toBe(true);
  });
});

describe('a hijacked reply', () => {
  it('waits at the first write to its raw response', async () => {
    const { app } = await appThat(async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: 1\n\n');
      reply.raw.end();
    });
    const response = await ask(app);
    expect(summary(response)).toEqual([200, ['theme', '__Host-session'], true]);
    expect(await response.text()).toBe('data: 1\n\n');
  });
});

it('a raw response that is not hijacked waits too, and carries what belongs on it', async () => {
  const { app, pass } = await appThat((_request, reply) => void reply.raw.end('raw'));
  app.get('/who', async (request) => (await pass.user(request)) ?? 'nobody');
  const response = await ask(app);
  expect([...summary(response), await response.text()]).toEqual([
    200,
    ['theme', '__Host-session'],
    true,
    'raw',
  ]);
});

it('server-sent events from a stream flow, with the session committed before the first', async () => {
  const next = Promise.withResolvers<void>();
  async function* events() {
    yield 'data: 1\n\n';
    await next.promise;
    yield 'data: 2\n\n';
  }
  const { app } = await appThat(async (_request, reply) =>
    reply.type('text/event-stream').send(Readable.from(events())),
  );
  const response = await ask(app);
  expect(summary(response)).toEqual([200, ['theme', '__Host-session'], true]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: 1\n\n');
  next.resolve();
  expect((await reader?.read())?.value).toBe('data: 2\n\n');
});

it("headers of an error of ours are sent by Fastify's own error handler", async () => {
  const { app } = await appThat(() => {
    throw new HttpError('unauthenticated', 401, 'Sign in first.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  });
  expect((await ask(app)).headers.get('www-authenticate')).toBe('Bearer');
});

describe('a refusal', () => {
  const forged = { method: 'POST', headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' } };

  it('is an error of the app', async () => {
    const { app } = await appThat(async () => 'reached');
    const response = await ask(app, '/x', forged);
    expect([response.status, (await response.json()).code]).toEqual([403, 'csrf-refused']);
    expect(response.headers.get('vary')).toBe('Origin, Sec-Fetch-Site');
  });

  it('is answered by onRefuse with the request of Fastify', async () => {
    const onRefuse: HallpassOptions<Data>['onRefuse'] = (verdict, request) =>
      new Response(`${request.url} ${verdict.reasons[0]?.code}`, { status: 418 });
    const { app } = await appThat(async () => 'reached', { onRefuse });
    const response = await ask(app, '/x', forged);
    expect([response.status, await response.text()]).toEqual([418, '/x csrf-cross-site']);
    expect(response.headers.get('vary')).toBe('Origin, Sec-Fetch-Site');
  });
});

it('S139: the form field of the CSRF token is read, and the parser of the app reads the whole body all the same', async () => {
  const pass = hallpass({ csrf: { keys: keyRing(generateKey()) } });
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  await app.register(pass);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.get('/', (request) => pass.context(request).csrfToken());
  app.post('/', async (request) => request.body);
  const page = await ask(app, '/');
  const cookie = page.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  const form = { name: 'ada', csrf_token: await page.text() };
  const post = { method: 'POST', body: new URLSearchParams(form), headers: { cookie, origin: 'null' } };
  expect(await (await ask(app, '/', post)).json()).toEqual(form);
  expect((await ask(app, '/', { ...post, body: new URLSearchParams({ name: 'ada' }) })).status).toBe(403);
  const injected = await app.inject({
    method: 'POST',
    url: '/',
    headers: { ...post.headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: String(post.body),
  });
  expect(injected.json()).toEqual(form);
});

it('the hooks are those of the app that registers the pass, and of no other', async () => {
  const pass = hallpass({ cors });
  const app = fastify();
  apps.push(app);
  await app.register(async (child) => {
    await child.register(pass);
    child.get('/inside', async (request) => pass.context(request).address ?? '');
  });
  app.get('/outside', async (request) => pass.context(request).address ?? '');
  expect((await app.inject('/inside')).statusCode).toBe(200);
  expect((await app.inject('/outside')).json().message).toMatch(/await app\.register\(pass\)/);
});

it('a path that cannot be decoded, which Fastify answers before any hook, has CORS headers', async () => {
  const app = fastify();
  apps.push(app);
  await app.register(hallpass({ cors }));
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${origin}/%`, { headers: { origin: front } });
  expect([
    answer.status,
    answer.headers.get('access-control-allow-origin'),
    answer.headers.get('vary'),
  ]).toEqual([400, front, 'Origin']);
});

it('proxies are trusted by our own option, whatever Fastify trusts', async () => {
  const addressFor = async (trustProxy: string | undefined) => {
    const pass = hallpass({ trustProxy });
    const app = fastify({ trustProxy: true });
    apps.push(app);
    await app.register(pass);
    app.get('/x', async (request) => pass.context(request).address);
    return (await ask(app, '/x', { headers: { 'x-forwarded-for': '203.0.113.9' } })).text();
  };
  expect([await addressFor(undefined), await addressFor('127.0.0.1')]).toEqual(['127.0.0.1', '203.0.113.9']);
});

it.each([
  ['two Hosts', 'GET /x HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n'],
  ['a target that names another host', 'GET http://b.test/x HTTP/1.1\r\nHost: a.test\r\n'],
])('%s: 400, before any handler', async (_, head) => {
  const { app } = await appThat(async () => 'reached');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
  socket.end(`${head}Connection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

it('HTTP/2 is served too, and the types allow it', async () => {
  const pass = hallpass({ sessions: open() });
  const app = fastify({ http2: true });
  await app.register(pass);
  app.get('/', async (request) => {
    const session = await pass.session(request);
    expectTypeOf(session.get('note')).toEqualTypeOf<string | undefined>();
    session.login('ada');
    return 'hello';
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const client = http2.connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  const stream = client.request({ ':path': '/' }).setEncoding('utf8');
  const [head] = await once(stream, 'response');
  expect(head).toMatchObject({ ':status': 200, vary: 'Cookie' });
  expect(head['set-cookie']).toHaveLength(1);
  stream.resume();
  client.close();
  await app.close();
});

it('a Fastify that cannot send a Response is told what is needed, and one that can is not', () => {
  const app = { addHook() {}, server: new EventEmitter() };
  const register = (version: string) => hallpass({})({ ...app, version } as never, {}, () => {});
  for (const version of ['3.29.5', '4.25.2']) {
    expect(() => register(version)).toThrow(`needs Fastify 4.26 or above, and this is ${version}`);
  }
  register('4.26.0');
  register('10.0.0');
});
