import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, gated, login, nodeHosts, open } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { defineCookie } from '../../cookie/define.ts';
import { HttpError } from '../../errors.ts';
import { hallpass } from './hallpass.ts';

const theme = defineCookie('theme');

/** A source without end. */
const endless = () =>
  new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(16_384)));
    },
  });

describe.each(nodeHosts)('%s', (_, serve) => {
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
        const ofTheFile = {
          etag: '"1"',
          'accept-ranges': 'bytes',
          'repr-digest': 'x',
          age: '1',
          refresh: '1',
        };
        res.writeHead(200, 'Fine', { 'content-type': 'text/html', ...ofTheFile, 'x-a': '1' });
        res.write('<p>');
        res.end('done');
      },
      { sessions },
    );
    const answer = await ask(port);
    expect(answer).toMatchObject({ status: 409, headers: { 'x-a': '1' }, cookies: ['theme'] });
    for (const name of ['etag', 'accept-ranges', 'repr-digest', 'age', 'refresh'])
      expect([name, answer.headers[name]]).toEqual([name, undefined]);
    expect(answer.text).toContain('Gone.');
  });

  it("an error's own answer arrives with every cookie, and without headers of a connection", async () => {
    const { sessions, reject } = gated();
    const headers: [string, string][] = [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['keep-alive', 'timeout=9'],
      ['x-b', '2'],
    ];
    const getResponse = () => new Response('mine', { status: 409, headers });
    reject(Object.assign(new HttpError('session-gone', 409, 'Gone.'), { getResponse }));
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.write('whole'); // Not ended: no framework answers in its place.
      },
      { sessions },
    );
    const answer = await ask(port);
    expect(answer).toMatchObject({ status: 409, headers: { 'x-b': '2' }, cookies: ['a', 'b'] });
    expect(answer.headers['keep-alive']).not.toBe('timeout=9');
  });

  it('what is written in a later turn than the end, while that waits, ends no process', async () => {
    const { sessions, reached, resolve } = gated();
    const codes: unknown[] = [];
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.end('whole');
        await reached;
        await new Promise(setImmediate);
        res.write('late', (error) => codes.push((error as NodeJS.ErrnoException)?.code));
        await new Promise(setImmediate);
        resolve();
      },
      { sessions },
    );
    expect(await ask(port)).toMatchObject({ status: 200, text: 'whole' });
    expect(codes).toEqual(['ERR_STREAM_WRITE_AFTER_END']);
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
      'names in two spellings',
      (res) => res.writeHead(200, ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'vary', 'Accept']),
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

  it('a prefetch that would sign in keeps no cookie of the application either', async () => {
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.setHeader('Set-Cookie', 'signed_in=1').end('x');
      },
      { sessions: open() },
    );
    const answer = await ask(port, 'GET', { 'sec-purpose': 'prefetch' });
    expect(answer).toMatchObject({ status: 503, cookies: [] });
  });

  it('a status that is set after the answer was told is too late', async () => {
    const { sessions, reached, resolve } = gated();
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.writeHead(201).end('x');
        await reached;
        res.statusCode = 500;
        resolve();
      },
      { sessions },
    );
    expect(await ask(port)).toMatchObject({ status: 201, text: 'x', cookies: ['__Host-session'] });
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
  const port = await startServer(
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
  onTestFinished(() => session.close());
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

it('the switch to another protocol waits for nothing', async () => {
  const { sessions } = gated(); // Its commit never ends.
  const pass = hallpass({ sessions });
  const listener = pass(async (req, res) => {
    (await pass.session(req)).login('ada');
    res.writeHead(101, { connection: 'upgrade', upgrade: 'x' }).flushHeaders();
  });
  const request = httpRequest({ port: await startServer(createServer(listener)) }).end();
  const [answer, socket] = await once(request, 'upgrade');
  expect([answer.statusCode, answer.headers]).toEqual([
    101,
    expect.not.objectContaining({ 'set-cookie': [] }),
  ]);
  socket.destroy();
});

describe('an answer that touched nothing of its visitor', () => {
  it('takes its marks on a copy of the headers that its handler keeps', async () => {
    const kept = { 'Content-Type': 'text/plain', Vary: 'Accept' };
    const pass = hallpass({ cors: { origins: ['https://front.test'], credentials: true } });
    const port = await startServer(createServer(pass((_req, res) => res.writeHead(200, kept).end('x'))));
    const answer = await ask(port, 'GET', { origin: 'https://front.test' });
    expect(answer.headers).toMatchObject({
      vary: 'Accept, Origin',
      'access-control-allow-origin': 'https://front.test',
    });
    expect(kept).toEqual({ 'Content-Type': 'text/plain', Vary: 'Accept' });
    expect((await ask(port)).headers).toMatchObject({ vary: 'Accept, Origin' });
  });

  it('takes back a cookie for whose purpose consent is withdrawn', async () => {
    const statistics = defineCookie('seen', { consent: 'statistics' });
    const pass = hallpass({ consent: { purposes: () => [], cookies: [statistics] } });
    const port = await startServer(createServer(pass((_req, res) => res.end('x'))));
    expect((await ask(port, 'GET', { cookie: 'seen=1' })).cookies).toEqual(['seen']);
    expect((await ask(port)).cookies).toEqual([]);
  });
});
