import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestOptions, type Server } from 'node:http';
import * as http2 from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { peerAddressOf } from '../../server/peer-address.ts';
import { toNodeListener } from './listener.ts';

type Handler = Parameters<typeof toNodeListener>[0];
const open: { close(done: () => void): void }[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((done) => server.close(done));
});

async function start<S extends Server | http2.Http2Server>(server: S): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = (handler: Handler, options?: Parameters<typeof toNodeListener>[1]) =>
  start(createServer(toNodeListener(handler, options)));

/** Sends bytes as they are and gives back all that comes until the server ends the connection. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

const statusOf = (answer: string) => Number(answer.split(' ', 2)[1]);
const seen: Handler = (request) =>
  Response.json([request.method, request.url, peerAddressOf(request)], { headers: { connection: 'close' } });

/** What `seen` saw of a message. */
async function see(text: string, options?: Parameters<typeof toNodeListener>[1]): Promise<unknown> {
  const answer = await raw(await serve(seen, options), text);
  const body = answer.split('\r\n\r\n', 2)[1] ?? '';
  return statusOf(answer) === 200 ? JSON.parse(body) : statusOf(answer);
}

/** The answer, headers in lower case and the lines of each. */
async function ask(port: number, options: RequestOptions, body?: string) {
  const outgoing = httpRequest({ host: '127.0.0.1', port, agent: false, ...options }).end(body);
  const [message] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  return { status: message.statusCode, headers: message.headersDistinct, text };
}

describe('the request target and Host become the URL, or are refused', () => {
  it.each<[string, string, unknown]>([
    ['a path', 'GET /a?b=c HTTP/1.1\r\nHost: a.test\r\n', 'http://a.test/a?b=c'],
    ['a port', 'GET / HTTP/1.1\r\nHost: a.test:8080\r\n', 'http://a.test:8080/'],
    ['an IPv6 host', 'GET / HTTP/1.1\r\nHost: [::1]:8080\r\n', 'http://[::1]:8080/'],
    [
      'two slashes stay a path',
      'GET //evil.test/a HTTP/1.1\r\nHost: a.test\r\n',
      'http://a.test//evil.test/a',
    ],
    ['an @ stays a path', 'GET /@evil.test HTTP/1.1\r\nHost: a.test\r\n', 'http://a.test/@evil.test'],
    ['absolute-form', 'GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\n', 'http://a.test/x?y'],
    [
      'absolute-form of another scheme',
      'GET https://a.test/x HTTP/1.1\r\nHost: a.test\r\n',
      'http://a.test/x',
    ],
    ['absolute-form of another host', 'GET http://evil.test/ HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['absolute-form of another port', 'GET http://a.test:81/ HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['another scheme', 'GET ftp://a.test/ HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['no path', 'GET a HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n', 400],
    ['two equal Hosts', 'GET / HTTP/1.1\r\nHost: a.test\r\nhost: a.test\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n', 400],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n', 400],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a.test/x\r\n', 400],
    ['a Host with a user', 'GET / HTTP/1.1\r\nHost: u@a.test\r\n', 400],
    ['a Host with a query', 'GET / HTTP/1.1\r\nHost: a.test?x\r\n', 400],
    ['a Host with a comma', 'GET / HTTP/1.1\r\nHost: a.test, b.test\r\n', 400],
    ['a Host beyond ports', 'GET / HTTP/1.1\r\nHost: a.test:99999\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a.test\r\n', 501],
  ])('%s', async (_, head, expected) => {
    const found = await see(`${head}Connection: close\r\n\r\n`);
    expect(Array.isArray(found) ? found[1] : found).toBe(expected);
  });

  it('HTTP/1.0 without a Host is asked of the address that it reached', async () => {
    expect(await see('GET /x HTTP/1.0\r\n\r\n')).toEqual([
      'GET',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/x$/),
      '127.0.0.1',
    ]);
  });
});

describe('X-Forwarded-*', () => {
  const via = (...lines: string[]) =>
    `GET / HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n${lines.map((line) => `X-Forwarded-${line}\r\n`).join('')}\r\n`;

  it.each<[string, string[], string | string[] | undefined, unknown[]]>([
    [
      'is not believed by default',
      ['For: 1.2.3.4', 'Proto: https'],
      undefined,
      ['http://inner/', '127.0.0.1'],
    ],
    [
      'is not believed from strangers',
      ['For: 1.2.3.4', 'Proto: https'],
      '10.0.0.0/8',
      ['http://inner/', '127.0.0.1'],
    ],
    [
      'is believed from the proxy',
      ['For: 1.2.3.4', 'Proto: https', 'Host: a.test'],
      '127.0.0.1',
      ['https://a.test/', '1.2.3.4'],
    ],
    [
      'is believed from its subnet',
      ['For: 1.2.3.4'],
      ['10.0.0.0/8', '127.0.0.0/8'],
      ['http://inner/', '1.2.3.4'],
    ],
    [
      'what the visitor made up stands to the left',
      ['For: 6.6.6.6, 1.2.3.4'],
      '127.0.0.1',
      ['http://inner/', '1.2.3.4'],
    ],
    [
      'several lines are one list',
      ['For: 6.6.6.6', 'For: 1.2.3.4'],
      '127.0.0.1',
      ['http://inner/', '1.2.3.4'],
    ],
    [
      'a chain of proxies is walked to the visitor',
      ['For: 6.6.6.6, 1.2.3.4, 10.0.0.9', 'Proto: http, https, http'],
      ['127.0.0.1', '10.0.0.0/8'],
      ['https://inner/', '1.2.3.4'],
    ],
    ['an IPv6 visitor', ['For: 2001:db8::1'], '127.0.0.1', ['http://inner/', '2001:db8::1']],
    [
      'garbage is not an address',
      ['For: <script>', 'Proto: javascript'],
      '127.0.0.1',
      ['http://inner/', '127.0.0.1'],
    ],
  ])('%s', async (_, lines, trustProxy, expected) => {
    expect(await see(via(...lines), { trustProxy })).toEqual(['GET', ...expected]);
  });

  it('a forwarded Host is validated like another, and excuses no second Host', async () => {
    expect(await see(via('Host: a.test/x'), { trustProxy: '127.0.0.1' })).toBe(400);
    const twice = via('Host: a.test').replace('Host: inner', 'Host: inner\r\nHost: other');
    expect(await see(twice, { trustProxy: '127.0.0.1' })).toBe(400);
  });

  it('its host is not believed where the proxies pass on what a visitor says', async () => {
    const trustProxy = { addresses: '127.0.0.1', host: false };
    expect(await see(via('For: 1.2.3.4', 'Proto: https', 'Host: evil.test'), { trustProxy })).toEqual([
      'GET',
      'https://inner/',
      '1.2.3.4',
    ]);
  });
});

describe('one kind of header is read, the other is the visitor’s own', () => {
  const both =
    'GET / HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n' +
    'X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: x.test\r\n' +
    'Forwarded: for="[2001:db8::2]:4711";proto=https;host=f.test\r\n\r\n';

  it.each([
    ['x-forwarded', 'http://x.test/', '192.0.2.1'],
    ['forwarded', 'https://f.test/', '2001:db8::2'],
    [undefined, 'http://x.test/', '192.0.2.1'],
  ] as const)('headers: %j', async (headers, url, address) => {
    expect(await see(both, { trustProxy: { addresses: '127.0.0.1', headers } })).toEqual([
      'GET',
      url,
      address,
    ]);
  });

  it('where theirs is missing, the other one does not take its place', async () => {
    const trustProxy = { addresses: '127.0.0.1', headers: 'forwarded' } as const;
    const without = both.replace(/Forwarded: for.*\r\n/, '');
    expect(await see(without, { trustProxy })).toEqual(['GET', 'http://inner/', '127.0.0.1']);
  });
});

describe(':authority and Host of HTTP/2', () => {
  it.each([
    ['Host alone', undefined, 'app.test', [200, 'http://app.test/']],
    [':authority alone', 'app.test', undefined, [200, 'http://app.test/']],
    ['both alike', 'app.test', 'APP.test:80', [200, 'http://app.test/']],
    ['another Host', 'app.test', 'evil.test', [400, undefined]],
    ['another port', 'app.test', 'app.test:81', [400, undefined]],
    ['a Host that is none', 'app.test', 'app.test:99999', [400, undefined]],
  ])('%s', async (_, authority, host, expected) => {
    const port = await start(http2.createServer(toNodeListener((request) => Response.json(request.url))));
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const headers = { ':path': '/', ...(authority && { ':authority': authority }), ...(host && { host }) };
    const stream = session.request(headers).setEncoding('utf8');
    const [head] = await once(stream, 'response');
    let text = '';
    for await (const chunk of stream) text += chunk;
    session.close();
    expect([head[':status'], head[':status'] === 200 ? JSON.parse(text) : undefined]).toEqual(expected);
  });
});

describe('messages', () => {
  it('each Set-Cookie keeps its line, and a body that is ready has a length', async () => {
    const port = await serve(() => {
      const headers = new Headers({ 'x-a': '1' });
      headers.append('set-cookie', 'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT');
      headers.append('set-cookie', 'b=2');
      return new Response('hällo', { status: 201, statusText: 'Made', headers });
    });
    const { status, headers, text } = await ask(port, {});
    expect([status, text]).toEqual([201, 'hällo']);
    expect(headers['set-cookie']).toEqual(['a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT', 'b=2']);
    expect(headers['content-length']).toEqual(['6']);
    expect(headers['x-a']).toEqual(['1']);
  });

  it('Cookie lines are one header, joined by semicolons; bytes stay what they were', async () => {
    const port = await serve((request) => Response.json(request.headers.get('cookie')));
    const head = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';
    const answer = await raw(port, `${head}Cookie: a=1\r\nCookie: b=2; c=3\r\n\r\n`);
    expect(answer).toContain('"a=1; b=2; c=3"');
    const socket = connect(port, '127.0.0.1');
    socket.end(Buffer.from(`${head}Cookie: a=\xe9\r\n\r\n`, 'latin1'));
    expect(Buffer.concat(await socket.toArray()).toString('utf8')).toContain('"a=é"');
  });

  it('a body comes through, whole or in chunks', async () => {
    const port = await serve(async (request) => new Response((await request.text()).toUpperCase()));
    const chunked = { method: 'POST', headers: { 'transfer-encoding': 'chunked' } };
    expect((await ask(port, chunked, 'abc')).text).toBe('ABC');
    expect((await ask(port, { method: 'PUT', headers: { 'content-length': '3' } }, 'abc')).text).toBe('ABC');
    expect((await ask(port, { method: 'DELETE' })).text).toBe('');
  });

  it('a body is taken from the connection no faster than it is read', async () => {
    const length = 16 * 1024 * 1024;
    const port = await serve(async (request, { incoming }) => {
      const reader = request.body?.getReader();
      let read = (await reader?.read())?.value?.length ?? 0;
      for (let turns = 0; turns < 500; turns++) await new Promise((next) => setImmediate(next));
      const taken = incoming.socket.bytesRead;
      for (let part = await reader?.read(); part?.value; part = await reader?.read())
        read += part.value.length;
      return Response.json({ early: taken < length / 2, read });
    });
    const { text } = await ask(port, { method: 'POST' }, 'x'.repeat(length));
    expect(JSON.parse(text)).toEqual({ early: true, read: length });
  });

  it('a body that nobody reads, or not to its end, does not block the connection', async () => {
    const port = await serve(async (request) => {
      if (request.url.endsWith('/some')) await request.body?.getReader().read();
      return new Response(null, { status: 413 });
    });
    const body = 'x'.repeat(300_000);
    const post = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answers = await raw(
      port,
      `${post('/none')}${post('/some')}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(answers.match(/HTTP\/1\.1 413/g)).toHaveLength(3);
  });

  it.each([
    [204, 'GET'],
    [304, 'GET'],
    [200, 'HEAD'],
  ])('%i to %s has no body', async (status, method) => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const port = await serve(
      () => new Response(status === 200 ? body : null, { status, headers: { etag: '"1"' } }),
    );
    const answer = await ask(port, { method });
    expect([answer.status, answer.text, answer.headers.etag]).toEqual([status, '', ['"1"']]);
    expect(cancelled).toBe(method === 'HEAD');
  });

  it('a stream is sent as it comes', async () => {
    const gate = Promise.withResolvers<void>();
    const port = await serve(() => {
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('first '));
          await gate.promise;
          controller.enqueue(new TextEncoder().encode('second'));
          controller.close();
        },
      });
      return new Response(body);
    });
    const response = await fetch(`http://127.0.0.1:${port}/`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('first ');
    gate.resolve();
    expect((await reader?.read())?.value).toBe('second');
  });

  it('a large stream waits for a slow client', async () => {
    let pulled = 0;
    const port = await serve(() => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (++pulled === 400) controller.close();
          else controller.enqueue(new Uint8Array(64 * 1024));
        },
      });
      return new Response(body);
    });
    const outgoing = httpRequest({ host: '127.0.0.1', port, agent: false }).end();
    const [message] = await once(outgoing, 'response');
    await once(message, 'readable');
    expect(pulled).toBeLessThan(400);
    let length = 0;
    for await (const chunk of message) length += chunk.length;
    expect(length).toBe(399 * 64 * 1024);
  });
});

describe('what goes wrong', () => {
  it('what a handler throws is a bare 500, and told to onError', async () => {
    const errors: unknown[] = [];
    const options = { onError: (error: unknown) => void errors.push(error) };
    const thrown = new Error('a secret');
    const port = await serve(() => Promise.reject(thrown), options);
    const { status, text } = await ask(port, {});
    expect([status, text, errors]).toEqual([500, '{"error":"internal"}', [thrown]]);
  });

  it('a header that Node refuses is a 500, without what was set before it', async () => {
    const errors: unknown[] = [];
    const headers = { 'a-first': '1', 'set-cookie': 'a=1', 'z-bad': 'a\x01b' };
    const port = await serve(() => new Response('x', { headers }), {
      onError: (error) => void errors.push(error),
    });
    const answer = await ask(port, {});
    expect([answer.status, answer.headers['a-first'], answer.headers['set-cookie']]).toEqual([
      500,
      undefined,
      undefined,
    ]);
    expect(errors).toHaveLength(1);
  });

  it('a body that fails at once is a 500, one that fails half-way ends the connection', async () => {
    const errors: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const handler: Handler = (request) => {
      const late = request.url.endsWith('/late');
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new Uint8Array(10));
          if (late) await gate.promise;
          controller.error('a secret');
        },
      });
      return new Response(body);
    };
    const port = await serve(handler, { onError: (error) => void errors.push(error) });
    expect((await ask(port, { path: '/' })).status).toBe(500);
    const response = await fetch(`http://127.0.0.1:${port}/late`);
    gate.resolve();
    await expect(response.text()).rejects.toThrow();
    expect(errors).toEqual(['a secret', 'a secret']);
  });

  it('a client that goes away aborts the request and cancels the body', async () => {
    const aborted = Promise.withResolvers<boolean>();
    const cancelled = Promise.withResolvers<boolean>();
    const port = await serve((request) => {
      request.signal.addEventListener('abort', () => aborted.resolve(true));
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => cancelled.resolve(true),
      });
      return new Response(body);
    });
    const outgoing = httpRequest({ host: '127.0.0.1', port, agent: false }).end();
    const [message] = await once(outgoing, 'response');
    message.on('error', () => {});
    outgoing.destroy();
    expect(await Promise.all([aborted.promise, cancelled.promise])).toEqual([true, true]);
  });

  it('a request that was answered is not aborted', async () => {
    let signal: AbortSignal | undefined;
    const port = await serve((request) => {
      signal = request.signal;
      return new Response('x');
    });
    await ask(port, {});
    expect(signal?.aborted).toBe(false);
  });
});

it('HTTP/2 is served too: cookie crumbs are one header, and headers of the connection are left out', async () => {
  const port = await start(
    http2.createServer(
      toNodeListener(async (request) => {
        const headers = new Headers({ connection: 'close', 'transfer-encoding': 'chunked', 'x-a': '1' });
        headers.append('set-cookie', 'a=1');
        headers.append('set-cookie', 'b=2');
        const body = [request.url, request.headers.get('cookie'), await request.text()];
        return Response.json(body, { headers, statusText: 'Fine' });
      }),
    ),
  );
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/x?y', cookie: ['a=1', 'b=2'] });
  stream.setEncoding('utf8').end('body');
  const [headers] = await once(stream, 'response');
  let text = '';
  for await (const chunk of stream) text += chunk;
  session.close();
  expect(JSON.parse(text)).toEqual([`http://127.0.0.1:${port}/x?y`, 'a=1; b=2', 'body']);
  expect(headers).toMatchObject({ ':status': 200, 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] });
});
