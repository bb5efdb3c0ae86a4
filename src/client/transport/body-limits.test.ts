import { gzipSync } from 'node:zlib';
import { testClock } from 'hallpass/testing';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useServers } from '../../../tools/test/serve.ts';
import { BodyLimitError, createClient, TimeoutError, traceOf } from '../index.ts';

const serve = useServers();

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

const plain = (octets: number) => serve((_, response) => void response.end('x'.repeat(octets)));
const chunked = (octets: number) =>
  serve((_, response) => {
    response.write('');
    response.flushHeaders();
    response.end('x'.repeat(octets));
  });
const zipped = (octets: number) =>
  serve((_, response) => {
    const body = gzipSync('x'.repeat(octets));
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
  });

describe('S32 limits.maxBody', () => {
  it('refuses an answer by its Content-Length before the body is read', async () => {
    const client = createClient({ limits: { maxBody: 1_000 } });
    expect(await (await client.fetch(await plain(1_000))).text()).toHaveLength(1_000);
    const error = await failure(client.fetch(await plain(1_001)));
    expect(error).toBeInstanceOf(BodyLimitError);
    expect(error).toMatchObject({ code: 'body-too-large', limit: 'maxBody' });
    expect(error.message).toBe('The body of the answer is over 1000 octets (limits.maxBody).');
    expect(error.trace.hops).toMatchObject([{ status: 200, error: 'body-too-large' }]);
  });

  it.each(['text', 'arrayBuffer', 'blob', 'bytes'] as const)(
    'counts a body that does not tell its length, read by %s()',
    async (read) => {
      const client = createClient({ limits: { maxBody: 100_000 } });
      const good = await client.fetch(await chunked(100_000));
      const value = (await good[read]()) as { length?: number; size?: number; byteLength?: number };
      expect(value.size ?? value.length ?? value.byteLength).toBe(100_000);
      const bad = await client.fetch(await chunked(100_001));
      expect(await failure(bad[read]())).toMatchObject({ code: 'body-too-large', limit: 'maxBody' });
      expect(traceOf(bad).hops).toHaveLength(1);
    },
  );

  it('counts a body that is read as a stream, and lets its connection go', async () => {
    let closed = false;
    const endless = await serve((request, response) => {
      request.socket.on('close', () => {
        closed = true;
      });
      const more = () =>
        void (response.write('x'.repeat(10_000)) ? setImmediate(more) : response.once('drain', more));
      more();
    });
    const response = await createClient({ limits: { maxBody: 50_000 } }).fetch(endless);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let octets = 0;
    const error = await failure(
      (async () => {
        for (let read = await reader.read(); !read.done; read = await reader.read())
          octets += read.value.length;
      })(),
    );
    expect(error).toMatchObject({ code: 'body-too-large' });
    expect(octets).toBeLessThanOrEqual(50_000);
    while (!closed) await tick();
  });

  it('does not take the Content-Length of an answer to HEAD for a body', async () => {
    const client = createClient({ limits: { maxBody: 10 } });
    expect((await client.head(await plain(1_000))).status).toBe(200);
  });
});

describe('S32 limits.maxDecoded', () => {
  it('counts what a small answer blows up to', async () => {
    const client = createClient({ limits: { maxBody: 100_000, maxDecoded: 1_000_000 } });
    expect(await (await client.fetch(await zipped(1_000_000))).text()).toHaveLength(1_000_000);
    const bomb = await client.fetch(await zipped(1_000_001));
    expect(await failure(bomb.text())).toMatchObject({ code: 'body-too-large', limit: 'maxDecoded' });
  });

  it.each([{ maxBody: -1 }, { maxDecoded: 1.5 }, { maxBody: '1mb' as unknown as number }])(
    '%j is a TypeError',
    (limits) => {
      expect(() => createClient({ limits })).toThrow(TypeError);
    },
  );
});

describe('an answer that is watched', () => {
  it('is a whole Response: URL, headers, clone, JSON, no body', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/next' }).end('redirect');
      else if (request.url === '/empty') response.writeHead(204).end();
      else response.setHeader('x-own', '1').end('{"x":1}');
    });
    const client = createClient({ limits: { maxDecoded: 100 } });
    const response = await client.fetch(url);
    expect([response.url, response.redirected, response.headers.get('x-own')]).toEqual([
      `${url}/next`,
      true,
      '1',
    ]);
    expect(await response.clone().json()).toEqual({ x: 1 });
    expect(await response.json()).toEqual({ x: 1 });
    expect((await client.fetch(`${url}/empty`)).body).toBeNull();
  });
});

describe('S32 timeout.idle', () => {
  it('ends a body that stands still, not one that keeps coming', async () => {
    const clock = testClock(0);
    const { promise: open, resolve } = Promise.withResolvers<(text: string) => void>();
    const url = await serve((_, response) => resolve((text) => void response.write(text)));
    const client = createClient({ clock, timeout: { idle: '5s', total: '1h' } });
    const call = client.fetch(url);
    const write = await open;
    write('0');
    const reader = ((await call).body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    for (let piece = 0; piece < 5; piece++) {
      const reading = reader.read();
      await tick();
      clock.advance('4s');
      write('x');
      await reading;
    }
    clock.advance('1m'); // nobody reads now: the delay is the reader's, not the server's
    const last = failure(reader.read());
    await tick();
    clock.advance('5s');
    const error = await last;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle' });
    expect(error.message).toBe('Nothing of a body moved within 5000 ms (timeout.idle).');
  });

  it('does not let a dripping server outlive the whole call', async () => {
    const clock = testClock(0);
    const { promise: open, resolve } = Promise.withResolvers<(text: string) => void>();
    const url = await serve((_, response) => resolve((text) => void response.write(text)));
    const call = createClient({ clock, timeout: { idle: '5s', total: '12s' } }).fetch(url);
    const write = await open;
    write('0');
    const reading = failure((await call).text());
    for (let second = 0; second < 12; second += 4) {
      await tick();
      clock.advance('4s');
      write('x');
    }
    expect(await reading).toMatchObject({ code: 'timeout', phase: 'total' });
  });
});
