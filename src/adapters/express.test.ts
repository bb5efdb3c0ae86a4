import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { startServer } from '../../tools/test/serve.ts';
import { defineCookie } from '../cookie/define.ts';
import { HttpError } from '../errors.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { type HallpassOptions, hallpass } from './express.ts';

interface Data {
  note: string;
}

const theme = defineCookie('theme');
const front = 'https://front.example.test';
const cors = { origins: [front], credentials: true };
const open = () => createSessions<Data>({ store: memoryStore() });

/** An app whose every route sets the theme and signs in, and then ends as told. */
function appThat(end: RequestHandler, options: HallpassOptions<Data> = {}) {
  const pass = hallpass({ sessions: open(), cors, ...options });
  const app = express().set('env', 'test');
  app.use(pass);
  app.use('/x', async (req, _res, next) => {
    pass.context(req).cookies.set(theme, 'dark');
    (await pass.session(req)).login('ada');
    next();
  });
  app.get('/x', end);
  return { app, pass };
}

async function ask(app: Express, path = '/x', init: RequestInit = {}) {
  const headers = { origin: front, connection: 'close', ...init.headers };
  const url = `http://127.0.0.1:${await startServer(createServer(app))}${path}`;
  return fetch(url, { redirect: 'manual', ...init, headers });
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
const teapot: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(418).send('teapot');

it('S134: mounted first, its headers stand on the answer of a guard; behind the guard it never runs', async () => {
  const guard: RequestHandler = (_req, res) => void res.status(401).send('Sign in.');
  const pass = hallpass({ sessions: open(), cors });
  expect(summary(await ask(express().use(pass).use(guard)))).toEqual([401, [], true]);
  expect(summary(await ask(express().use(guard).use(pass)))).toEqual([401, [], false]);
});

describe('cookies and CORS headers survive', () => {
  const all = ['theme', '__Host-session'];

  it.each<[string, RequestHandler, number, string[]]>([
    ['res.json', (_req, res) => void res.json({}), 200, all],
    ['res.redirect', (_req, res) => res.redirect('/y'), 302, all],
    ['res.sendStatus', (_req, res) => void res.sendStatus(503), 503, ['theme']],
    ['no answer at all', (_req, _res, next) => next(), 404, all],
    ['next(error)', (_req, _res, next) => next(new Error('hush')), 500, ['theme']],
    ['a throw', crash, 500, ['theme']],
    ['a rejection', async () => crash(), 500, ['theme']],
    [
      'an error with a status',
      () => {
        throw new HttpError('bad-request', 400, 'No.');
      },
      400,
      ['theme'],
    ],
  ])('%s', async (_, end, status, cookies) => {
    expect(summary(await ask(appThat(end).app))).toEqual([status, cookies, true]);
  });

  it('res.sendFile, with what a file answers', async () => {
    const file = join(tmpdir(), `hallpass-express-${process.pid}.txt`);
    await writeFile(file, 'x'.repeat(300_000));
    const { app } = appThat((_req, res) => res.sendFile(file));
    const response = await ask(app);
    expect(summary(response)).toEqual([200, all, true]);
    expect([(await response.text()).length, response.headers.get('content-length')]).toEqual([
      300_000,
      '300000',
    ]);
    const part = await ask(app, '/x', { headers: { range: 'bytes=0-9' } });
    expect([part.status, await part.text()]).toEqual([206, 'xxxxxxxxxx']);
  });

  it('S155: a file that was offered to shared caches, which then keep it no more', async () => {
    const file = join(tmpdir(), `hallpass-express-${process.pid}.css`);
    await writeFile(file, 'a {}');
    const warned: string[] = [];
    const pass = hallpass({ onWarning: ({ code }) => warned.push(code) });
    const app = express().use(pass, (req, _res, next) => {
      pass.context(req).cookies.set(theme, 'dark');
      next();
    });
    app.get('/x', (_req, res) => res.sendFile(file, { maxAge: '1h' }));
    const response = await ask(app);
    expect([response.headers.get('cache-control'), warned]).toEqual([
      'private, max-age=3600',
      ['answer-made-private'],
    ]);
  });

  it('an error handler that answers with something else than a failure', async () => {
    const { app } = appThat(crash);
    app.use(teapot);
    expect(summary(await ask(app))).toEqual([418, ['theme'], true]);
  });

  it('a router with an error handler of its own', async () => {
    const { app } = appThat((_req, _res, next) => next());
    app.use('/x', express.Router().use(crash).use(teapot));
    expect(summary(await ask(app))).toEqual([418, ['theme'], true]);
  });

  it('cookies that Express itself sets', async () => {
    const { app } = appThat((_req, res) => {
      res.cookie('theirs', '1').cookie('theme', 'light').send('ok');
    });
    const response = await ask(app);
    expect(summary(response)).toEqual([200, ['theirs', ...all], true]);
    expect(response.headers.getSetCookie()[1]).toMatch(/^theme=dark;/);
  });
});

it('where the router tells no errors, an answer of 500 or above counts as a failure', async () => {
  const pass = hallpass({ sessions: open() });
  const port = await startServer(
    createServer((req, res) => {
      const old = Object.assign(req, { app: { router: {} } });
      pass(old as never, res as never, async () => {
        (await pass.session(req)).login('ada');
        res.writeHead(req.url === '/down' ? 503 : 400).end();
      });
    }),
  );
  const cookies = async (path: string) =>
    (
      await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
    ).headers.getSetCookie();
  expect([(await cookies('/down')).length, (await cookies('/bad')).length]).toEqual([0, 1]);
});

it('a host without an app, which calls middleware as connect does, hears by next of a refusal and of a commit that fails', async () => {
  const store = memoryStore();
  const pass = hallpass({ sessions: createSessions({ store }) });
  const port = await startServer(
    createServer((req, res) => {
      const next = async (error?: unknown) => {
        if (error !== undefined) {
          const { status, code } = error as HttpError;
          return res.writeHead(status).end(code);
        }
        (await pass.session(req)).login('ada');
        res.end('in');
      };
      pass(req as never, res as never, next as never);
    }),
  );
  const post = async (headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { connection: 'close', ...headers },
    });
    return [response.status, await response.text()];
  };
  expect(await post({ 'sec-fetch-site': 'cross-site' })).toEqual([403, 'csrf-refused']);
  store.create = () => Promise.reject(new Error('away'));
  expect(await post({})).toEqual([503, 'store-unavailable']);
});

it('an answer of onRefuse that cannot be sent is told by next alone: Express 4 hears of nothing that rejects', async () => {
  const read = new Response('read');
  await read.text();
  const pass = hallpass({ onRefuse: () => read });
  const port = await startServer(
    createServer((req, res) => {
      const next = (error?: Error) => res.writeHead(500).end(error?.name);
      void pass(req as never, res as never, next as never);
    }),
  );
  const forged = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
  const response = await fetch(`http://127.0.0.1:${port}/`, forged);
  expect([response.status, await response.text()]).toEqual([500, 'TypeError']);
});

it('a host whose next throws what it hears of ends the connection by that, and nothing else', async () => {
  const store = memoryStore();
  const pass = hallpass({ sessions: createSessions({ store }) });
  const port = await startServer(
    createServer((req, res) => {
      const next = async () => {
        (await pass.session(req)).login('ada');
        res.end('in');
      };
      const whenLetIn = (error?: unknown) => {
        if (error !== undefined) throw error;
        void next();
      };
      pass(req as never, res as never, whenLetIn as never);
    }),
  );
  const visit = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();
  expect(await visit()).toBe('in');
  const { create } = store;
  store.create = () => Promise.reject(new Error('away'));
  await expect(visit()).rejects.toThrow();
  store.create = create;
  expect(await visit()).toBe('in');
});

it("headers of an error of ours are sent by Express's own error handler", async () => {
  const { app } = appThat(() => {
    throw new HttpError('unauthenticated', 401, 'Sign in first.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  });
  expect((await ask(app)).headers.get('www-authenticate')).toBe('Bearer');
});

describe('a refusal', () => {
  const forged = { method: 'POST', headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' } };

  it('goes to the error handlers', async () => {
    const { app } = appThat((_req, res) => void res.send('reached'));
    expect((await ask(app, '/x', forged)).status).toBe(403);
    app.use(
      ((error, _req, res, _next) => void res.status(error.status).json(error.body)) as ErrorRequestHandler,
    );
    const answer = await ask(app, '/x', forged);
    expect([answer.status, (await answer.json()).error]).toEqual([403, 'csrf-refused']);
    expect(answer.headers.get('vary')).toBe('Origin, Sec-Fetch-Site');
  });

  it('is answered by onRefuse with the request of Express', async () => {
    const onRefuse: HallpassOptions<Data>['onRefuse'] = (verdict, req) =>
      new Response(`${req.path} ${verdict.reasons[0]?.code}`, { status: 418 });
    const { app } = appThat((_req, res) => void res.send('reached'), { onRefuse });
    const answer = await ask(app, '/x', forged);
    expect([answer.status, await answer.text()]).toEqual([418, '/x csrf-cross-site']);
  });
});

describe('S139: the form field of the CSRF token is read', () => {
  const parsed = express.urlencoded({ extended: false });

  /** What a form from a sandboxed page gets, with the parser before or after the pipeline. */
  async function submit(parser: 'before' | 'after' | 'none', options: { chunked?: boolean } = {}) {
    const pass = hallpass({ csrf: { keys: keyRing(generateKey()) } });
    const app = express();
    if (parser === 'before') app.use(parsed);
    app.use(pass);
    if (parser === 'after') app.use(parsed);
    app.get('/', async (req, res) => void res.send(await pass.context(req).csrfToken()));
    app.post('/', async (req, res) => {
      let raw = '';
      if (parser === 'none') for await (const chunk of req.setEncoding('utf8')) raw += chunk;
      res.json(parser === 'none' ? Object.fromEntries(new URLSearchParams(raw)) : req.body);
    });
    const url = `http://127.0.0.1:${await startServer(createServer(app))}/`;
    const page = await fetch(url, { headers: { connection: 'close' } });
    const cookie = page.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const form = `name=ada&csrf_token=${await page.text()}`;
    const body = options.chunked ? new Blob([form.slice(0, 5), form.slice(5)]).stream() : form;
    const headers = {
      cookie,
      origin: 'null',
      connection: 'close',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const answer = await fetch(url, init);
    return [answer.status, (await answer.json()).name];
  }

  it.each(['before', 'after', 'none'] as const)('parser: %s', async (parser) => {
    expect(await submit(parser)).toEqual([200, 'ada']);
  });

  it('of a body without a length', async () => {
    expect(await submit('after', { chunked: true })).toEqual([200, 'ada']);
  });
});

describe('a middleware that rewrites what is written, as compression does', () => {
  const gzip: RequestHandler = (_req, res, next) => {
    const { write, end } = res;
    const stream = createGzip();
    stream.on('data', (chunk) => write.call(res, chunk, 'utf8'));
    stream.on('end', () => end.call(res, undefined, 'utf8'));
    res.write = ((chunk: string) => stream.write(chunk)) as typeof write;
    res.end = ((chunk?: string) => {
      if (!res.headersSent) res.setHeader('content-encoding', 'gzip').removeHeader('content-length');
      stream.end(chunk);
      return res;
    }) as typeof end;
    next();
  };

  it.each(['before', 'after'])('%s the pipeline', async (place) => {
    const pass = hallpass({ sessions: open() });
    const app = express().use(...(place === 'before' ? [gzip, pass] : [pass, gzip]));
    app.get('/x', async (req, res) => {
      (await pass.session(req)).login('ada');
      res.json({ text: 'x'.repeat(5_000) });
    });
    const response = await ask(app);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect((await response.json()).text).toHaveLength(5_000);
  });
});

it('an app in an app may use the same pass', async () => {
  const { app, pass } = appThat((_req, _res, next) => next());
  const inner = express().use(pass);
  inner.get('/me', async (req, res) => void res.json((await pass.session(req)).user));
  app.use('/x', inner);
  expect(await (await ask(app, '/x/me')).json()).toBe('ada');
});

it('an exempt route is the path that was sent, wherever the pass is mounted', async () => {
  const pass = hallpass({ csrf: { exempt: ['POST /hooks/payment'] } });
  const app = express().use('/hooks', pass, (_req, res) => void res.send('reached'));
  const post = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } };
  expect((await ask(app, '/hooks/payment', post)).status).toBe(200);
  expect((await ask(app, '/hooks/other', post)).status).toBe(403);
});

it('proxies are trusted by our own option, whatever Express trusts', async () => {
  const addressFor = async (trustProxy: string | undefined) => {
    const pass = hallpass({ trustProxy });
    const app = express().set('trust proxy', true).use(pass);
    app.get('/x', (req, res) => void res.json(pass.context(req).address));
    return (await ask(app, '/x', { headers: { 'x-forwarded-for': '203.0.113.9' } })).json();
  };
  expect([await addressFor(undefined), await addressFor('127.0.0.1')]).toEqual(['127.0.0.1', '203.0.113.9']);
});

it.each([
  ['two Hosts', 'GET /x HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n'],
  ['a target that names another host', 'GET http://b.test/x HTTP/1.1\r\nHost: a.test\r\n'],
])('%s: 400, before any handler', async (_, head) => {
  const port = await startServer(createServer(appThat((_req, res) => void res.send('reached')).app));
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.end(`${head}Connection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

it('a request that has not come by has no context, and the types follow the sessions', async () => {
  const { app, pass } = appThat(async (req, res) => {
    expectTypeOf((await pass.session(req)).get('note')).toEqualTypeOf<string | undefined>();
    res.send('');
  });
  app.get('/x/:id', (req: express.Request<{ id: string }>) => pass.context(req));
  expect(() => hallpass({}).context({} as express.Request)).toThrow(/app\.use\(pass\) before/);
});
