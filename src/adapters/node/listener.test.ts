import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestOptions } from 'node:http';
import * as http2 from 'node:http2';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sendRaw, startServer } from '../../../tools/test/serve.ts';
import { HttpError } from '../../errors.ts';
import { toNodeListener } from './listener.ts';

type Handler = Parameters<typeof toNodeListener>[0];
const serve = (handler: Handler, options?: Parameters<typeof toNodeListener>[1]) =>
  startServer(createServer(toNodeListener(handler, options)));

/** The answer, headers in lower case and the lines of each. */
async function ask(port: number, options: RequestOptions, body?: string) {
  const outgoing = httpRequest({ host: '127.0.0.1', port, agent: false, ...options }).end(body);
  const [message] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  return { status: message.statusCode, headers: message.headersDistinct, text };
}

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

  it('an error whose answer has immutable headers is answered, and its answer is not written to', async () => {
    const answer = Response.redirect('https://app.example.com/login');
    const port = await serve(() => {
      throw Object.assign(new HttpError('session-gone', 302, 'Elsewhere.'), { getResponse: () => answer });
    });
    const { status, headers } = await ask(port, {});
    expect([status, headers['cache-control'], answer.headers.get('cache-control')]).toEqual([
      302,
      ['no-store'],
      null,
    ]);
  });

  it('Cookie lines are one header, joined by semicolons; bytes stay what they were', async () => {
    const port = await serve((request) => Response.json(request.headers.get('cookie')));
    const head = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';
    const answer = await sendRaw(port, `${head}Cookie: a=1\r\nCookie: b=2; c=3\r\n\r\n`);
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
    const answers = await sendRaw(
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
    const opened = Promise.withResolvers<void>();
    const port = await serve(() => {
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('first '));
          await opened.promise;
          controller.enqueue(new TextEncoder().encode('second'));
          controller.close();
        },
      });
      return new Response(body);
    });
    const response = await fetch(`http://127.0.0.1:${port}/`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('first ');
    opened.resolve();
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

  it.each([
    ['5, 5', 200, '5'],
    ['5, 6', 500, '20'],
    ['five', 500, '20'],
  ])('Content-Length: %s is answered with %i', async (value, status, length) => {
    const errors: unknown[] = [];
    const handler: Handler = () => new Response('hello', { headers: { 'content-length': value } });
    const port = await serve(handler, { onError: (error) => void errors.push(error) });
    const answer = await ask(port, {});
    expect([answer.status, answer.headers['content-length']]).toEqual([status, [length]]);
    expect(errors.map(String).join()).toMatch(status === 200 ? /^$/ : /Content-Length is .*once/);
  });

  it('a body that fails at once is a 500, one that fails half-way ends the connection', async () => {
    const errors: unknown[] = [];
    const opened = Promise.withResolvers<void>();
    const handler: Handler = (request) => {
      const late = request.url.endsWith('/late');
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new Uint8Array(10));
          if (late) await opened.promise;
          controller.error('a secret');
        },
      });
      return new Response(body, { headers: { 'set-cookie': 'a=1', 'cache-control': 'private' } });
    };
    const port = await serve(handler, { onError: (error) => void errors.push(error) });
    const failed = await ask(port, { path: '/' });
    expect(failed.status).toBe(500);
    expect(failed.headers).toMatchObject({ 'set-cookie': ['a=1'], 'cache-control': ['no-store'] });
    const response = await fetch(`http://127.0.0.1:${port}/late`);
    opened.resolve();
    await expect(response.text()).rejects.toThrow();
    expect(errors).toEqual(['a secret', 'a secret']);
  });

  it('S153: a client that goes away aborts the request and cancels the body', async () => {
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
  const port = await startServer(
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
