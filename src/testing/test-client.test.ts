import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { Hono } from 'hono';
import { Response as ForeignResponse } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, NetworkError, traceOf } from '../client/index.ts';
import { testClock } from './clock.ts';
import { type Lab, startLab } from './lab/index.ts';
import { createTestClient, type TestApp } from './test-client.ts';

/** What an app saw of a request. */
const echo = async (request: Request) =>
  Response.json({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
type Echoed = { url: string; method: string; headers: Record<string, string>; body: string };

const redirect = (location: string, status = 302, cookies: string[] = []) =>
  new Response(null, { status, headers: [['location', location], ...cookies.map(setCookie)] });
const setCookie = (line: string): [string, string] => ['set-cookie', line];
const planting = (...lines: string[]) => new Response('planted', { headers: lines.map(setCookie) });

const saw = async (response: Promise<Response>) => (await (await response).json()) as Echoed;

describe('an app', () => {
  const hono = new Hono().post('/x', (c) => c.text('hello'));
  const handler = (request: Request) => hono.fetch(request);
  const worker = {
    greeting: 'hello',
    async fetch() {
      return new Response(this.greeting);
    },
  };

  it.each<[string, TestApp]>([
    ['a handler', handler],
    ['a Hono app', hono],
    ['an object with fetch, called as its method', worker],
    ['a map of origins', { origins: { 'https://testserver': handler } }],
    ['a map of origins, the first of which is the base', { origins: { 'https://other.test/': hono } }],
  ])('is %s', async (_, app) => {
    const response = await createTestClient(app).post('/x', { json: { any: 1 } });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('hello');
  });

  it('is a Node listener too, with its cookies and its status', async () => {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('set-cookie', ['one=1; Path=/', 'two=2; Path=/']);
      response.writeHead(201, { 'content-type': 'text/plain' });
      request.pipe(response);
    };
    const visitor = createTestClient(listener);
    const response = await visitor.post('/', { body: 'echoed' });
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('echoed');
    expect(visitor.jar.header('https://testserver/')).toBe('one=1; two=2');
  });

  it.each([null, undefined, 3, {}, { fetch: 3 }, { origins: { 'https://a.test': 'https://b.test' } }])(
    'is not %j',
    (nonsense) => {
      expect(() => createTestClient(nonsense as TestApp)).toThrow(/Not an app/);
    },
  );

  it.each(['a.test', 'https://a.test/path', 'https://user@a.test', ''])('has no origin like %j', (origin) => {
    expect(() => createTestClient({ origins: { [origin]: handler } })).toThrow(/Not an origin/);
  });

  it('that gives no Response fails the call, with a sentence that says why', async () => {
    const listener = (...both: unknown[]) => both.length;
    const call = createTestClient(listener as never).get('/');
    await expect(call).rejects.toThrow(/answered with no Response.*two parameters/);
  });

  it('that throws fails the call, with what it threw', async () => {
    const call = createTestClient(() => {
      throw new RangeError('out of cheese');
    }).get('/');
    await expect(call).rejects.toThrow(/out of cheese/);
    await expect(call).rejects.toBeInstanceOf(NetworkError);
  });

  it('may answer with the same Response again and again', async () => {
    const always = new Response(null, { status: 204 });
    const visitor = createTestClient(() => always);
    const [one, other] = [await visitor.get('/one'), await visitor.get('/other')];
    expect([one.url, other.url, always.url]).toEqual([
      'https://testserver/one',
      'https://testserver/other',
      '',
    ]);
  });

  it('gets the request as it was written, and HEAD answers have no body', async () => {
    const visitor = createTestClient(echo);
    const seen = await saw(visitor.put('/path?q=1', { json: { a: 1 }, headers: { 'x-one': '1' } }));
    expect(seen).toMatchObject({
      url: 'https://testserver/path?q=1',
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-one': '1' },
      body: '{"a":1}',
    });
    expect(await (await visitor.head('/')).text()).toBe('');
  });
});

describe('S117 S118 cookies', () => {
  const app = (request: Request) =>
    new URL(request.url).pathname === '/set-cookie' ? planting('user_id=12345; Path=/') : echo(request);

  it('come back to the app that set them', async () => {
    const visitor = createTestClient(app);
    expect((await visitor.get('/set-cookie')).headers.getSetCookie()).toEqual(['user_id=12345; Path=/']);
    expect((await saw(visitor.get('/get-cookie'))).headers.cookie).toBe('user_id=12345');
  });

  it('S120 belong to one client, and are gone after clear', async () => {
    const visitor = createTestClient(app);
    await visitor.get('/set-cookie');
    expect((await saw(createTestClient(app).get('/'))).headers.cookie).toBeUndefined();
    visitor.jar.clear();
    expect((await saw(visitor.get('/'))).headers.cookie).toBeUndefined();
  });

  it('S119 that are Secure travel at the default base, https, and really not at a http one', async () => {
    const secure = (request: Request) =>
      new URL(request.url).pathname === '/login'
        ? planting('session=1; Path=/; Secure; HttpOnly', '__Host-strict=1; Path=/; Secure')
        : echo(request);
    const visitor = createTestClient(secure);
    await visitor.post('/login');
    expect((await saw(visitor.get('/'))).headers.cookie).toBe('session=1; __Host-strict=1');

    const plain = createTestClient(secure, { baseUrl: 'http://testserver' });
    await plain.post('/login');
    expect((await saw(plain.get('/'))).headers.cookie).toBeUndefined();
  });

  it('S120 that browsers drop are not kept', async () => {
    const visitor = createTestClient(() =>
      planting(
        '__Host-a=1; Secure; Path=/; Domain=testserver',
        '__Host-b=1; Secure; Path=/app',
        '__Secure-c=1; Path=/',
        'd=1; SameSite=None; Path=/',
        'e=1; Domain=other.example; Path=/',
        'f=1; Max-Age=0; Path=/',
        `g=${'x'.repeat(4096)}; Path=/`,
        '__Host-kept=1; Secure; Path=/',
      ),
    );
    await visitor.get('/');
    expect(visitor.jar.all().map(({ name }) => name)).toEqual(['__Host-kept']);
  });

  it('set on a redirect are there at the next hop', async () => {
    const app = (request: Request) =>
      new URL(request.url).pathname === '/login' ? redirect('/home', 303, ['sid=1; Path=/']) : echo(request);
    const response = await createTestClient(app).post('/login', { body: 'x' });
    expect([response.url, response.redirected]).toEqual(['https://testserver/home', true]);
    expect(await response.json()).toMatchObject({ method: 'GET', headers: { cookie: 'sid=1' } });
    expect(traceOf(response).hops.map(({ status }) => status)).toEqual([303, 200]);
  });

  it('expire when the clock is moved', async () => {
    const clock = testClock();
    const visitor = createTestClient(
      (request) => (request.method === 'POST' ? planting('sid=1; Path=/; Max-Age=3600') : echo(request)),
      { clock },
    );
    await visitor.post('/');
    clock.advance('59m');
    expect((await saw(visitor.get('/'))).headers.cookie).toBe('sid=1');
    clock.advance('1m');
    expect((await saw(visitor.get('/'))).headers.cookie).toBeUndefined();
  });
});

describe('S119 a session', () => {
  const started = () => {
    const clock = testClock();
    const sessions = createSessions({ store: memoryStore(), idle: '1h', clock });
    const app = pipeline({ sessions, origins: ['https://testserver'] })(async (request, context) => {
      const session = await context.session();
      if (request.method === 'POST') session.login('ada');
      if (request.method === 'DELETE') session.logout();
      return Response.json({ user: session.user ?? null });
    });
    return { clock, visitor: createTestClient(app, { clock }) };
  };

  it('lasts from login to logout', async () => {
    const { visitor } = started();
    expect((await visitor.post('/')).status).toBe(200);
    expect(await visitor.get('/').json()).toEqual({ user: 'ada' });
    expect((await visitor.delete('/')).status).toBe(200);
    expect(await visitor.get('/').json()).toEqual({ user: null });
  });

  it('ends when the clock that it shares with the client is moved past its idle time', async () => {
    const { clock, visitor } = started();
    await visitor.post('/');
    clock.advance('59m');
    expect(await visitor.get('/').json()).toEqual({ user: 'ada' });
    clock.advance('61m');
    expect(await visitor.get('/').json()).toEqual({ user: null });
  });

  it('cannot be spent by another page', async () => {
    const { visitor } = started();
    await visitor.post('/');
    const attacker = visitor.with({ initiator: { page: 'https://evil.test' } });
    expect((await attacker.delete('/')).status).toBe(403);
    expect(await visitor.get('/').json()).toEqual({ user: 'ada' });
  });
});

describe('the network', () => {
  it('is out of reach: what no app stands for fails the call', async () => {
    const visitor = createTestClient(() => redirect('https://elsewhere.test/'));
    await expect(visitor.get('/')).rejects.toThrow(/No app stands for https:\/\/elsewhere\.test/);
  });

  it('is reached where a transport is given', async () => {
    const visitor = createTestClient(() => redirect('https://elsewhere.test/x'), {
      transport: async ({ url }) => new Response(url),
    });
    expect(await (await visitor.get('/')).text()).toBe('https://elsewhere.test/x');
  });

  it('has one host, that of the app: other schemes and ports of it are the same app', async () => {
    const visitor = createTestClient((request) =>
      request.url.startsWith('https:') ? redirect('http://testserver:8080/plain') : echo(request),
    );
    expect((await saw(visitor.get('/'))).url).toBe('http://testserver:8080/plain');
  });

  it('has a host for every app of a map, and secrets stay where they belong', async () => {
    const visitor = createTestClient(
      {
        origins: {
          'https://app.test': (request) =>
            new URL(request.url).pathname === '/go' ? redirect('https://api.test/x') : echo(request),
          'https://api.test': echo,
        },
      },
      { credentials: bearer('t-o-k-e-n') },
    );
    expect((await saw(visitor.get('/stay'))).headers.authorization).toBe('Bearer t-o-k-e-n');
    expect((await saw(visitor.get('/go'))).headers.authorization).toBeUndefined();
  });
});

describe('the page that the client speaks for', () => {
  it('is of the app itself: safe requests are same-origin, unsafe ones name the origin', async () => {
    const visitor = createTestClient(echo);
    const get = (await saw(visitor.get('/'))).headers;
    expect([get['sec-fetch-site'], get.origin]).toEqual(['same-origin', undefined]);
    const post = (await saw(visitor.post('/'))).headers;
    expect([post['sec-fetch-site'], post.origin]).toEqual(['same-origin', 'https://testserver']);
  });

  it('can be another one, also of the same visitor: SameSite holds, and the headers say so', async () => {
    const visitor = createTestClient((request) =>
      request.method === 'PUT'
        ? planting('lax=1; Path=/; SameSite=Lax', 'none=1; Path=/; SameSite=None; Secure')
        : echo(request),
    );
    await visitor.put('/');
    const attacked = visitor.with({ initiator: { page: 'https://evil.test' } });
    expect((await saw(attacked.post('/'))).headers).toMatchObject({
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.test',
      cookie: 'none=1',
    });
    expect((await saw(visitor.post('/'))).headers).toMatchObject({
      'sec-fetch-site': 'same-origin',
      origin: 'https://testserver',
      cookie: 'lax=1; none=1',
    });
    const back = attacked.with({ initiator: { page: 'https://testserver' } });
    expect((await saw(back.post('/'))).headers['sec-fetch-site']).toBe('same-origin');
  });

  it('is told along a chain of redirects, as browsers do', async () => {
    const visitor = createTestClient({
      origins: {
        'https://app.test': (request) =>
          new URL(request.url).pathname === '/go' ? redirect('https://other.test/', 307) : echo(request),
        'https://other.test': () => redirect('https://app.test/back', 307),
      },
    });
    const { headers } = await saw(visitor.post('/go'));
    expect([headers['sec-fetch-site'], headers.origin]).toEqual(['cross-site', 'null']);
  });

  it("gives way to the call's own headers", async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' };
    const seen = (await saw(createTestClient(echo).post('/', { headers }))).headers;
    expect([seen['sec-fetch-site'], seen.origin]).toEqual(['cross-site', 'null']);
  });

  it('does not exist for a program', async () => {
    const program = createTestClient(echo, { initiator: 'program' });
    const seen = (await saw(program.post('/'))).headers;
    expect([seen['sec-fetch-site'], seen.origin]).toEqual([undefined, undefined]);
  });
});

describe('a running server', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.close());

  it('S39 is an app like any other, over real sockets', async () => {
    const { a, b } = lab.origins;
    const visitor = createTestClient(a, { credentials: bearer('t-o-k-e-n') });
    expect((await visitor.get('/need')).status).toBe(200);
    await visitor.get('/set-cookie?sid=1%3B%20Path%3D%2F');
    expect(await visitor.get('/cookies').json()).toEqual({ cookies: { sid: '1' } });
    const post = (await saw(visitor.post('/echo'))).headers;
    expect([post['sec-fetch-site'], post.origin]).toEqual(['same-origin', a]);
    await visitor.get(`/redirect-to?url=${b}/headers`);
    expect(lab.log.at(-1)?.origin).toBe(b);
    expect(lab.log.at(-1)?.headers.authorization).toBeUndefined();
    expect(lab.log.at(-1)?.headers['sec-fetch-site']).toBe('cross-site');
  });

  it('is reached over TLS with the transport of the lab', async () => {
    const visitor = createTestClient(lab.origins.tls, { transport: lab.transport });
    await visitor.get('/set-cookie?__Host-sid=1%3B%20Path%3D%2F%3B%20Secure');
    expect(await visitor.get('/cookies').json()).toEqual({ cookies: { '__Host-sid': '1' } });
    const response = await visitor.get(`/redirect-to?url=${lab.origins.a}/cookies`);
    expect(await response.json()).toEqual({ cookies: {} });
  });
});

it('an app may answer with a Response of another library', async () => {
  const app = async () =>
    new ForeignResponse('made elsewhere', {
      status: 201,
      headers: [
        ['set-cookie', 'a=1; Secure'],
        ['set-cookie', 'b=2; Secure'],
      ],
    }) as unknown as Response;
  const visitor = createTestClient(app);
  const answer = await visitor.get('/');
  expect([answer instanceof Response, answer.status, await answer.text()]).toEqual([
    true,
    201,
    'made elsewhere',
  ]);
  expect(visitor.jar.header('https://testserver')).toBe('a=1; b=2');
  expect(await visitor.fetch('/', { method: 'HEAD' }).then((head) => head.text())).toBe('');
});
