import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type TestClock, testClock } from 'hallpass/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useServers } from '../../../tools/test/serve.ts';
import { type Client, type ClientOptions, createClient, fetchTransport, type Transport } from '../index.ts';
import { undiciTransport } from '../undici/index.ts';

const serve = useServers();

/** Larger than what a socket of loopback takes while nobody reads. */
const large = 32_000_000;

/** As programs write it. A fetch tells nothing of octets that it has at once. */
const toFetch: Transport = ({ url, ...init }) =>
  fetch(url, { ...init, redirect: 'manual', duplex: 'half' } as RequestInit);

describe.each([
  ['fetchTransport', fetchTransport],
  ['undiciTransport', undiciTransport()],
  ['a transport that calls fetch', toFetch],
])('over %s the body of a request', (_, transport) => {
  let clock: TestClock;
  let origin: string;
  let arrival: Promise<[IncomingMessage, ServerResponse]>;
  beforeEach(async () => {
    clock = testClock(0);
    const { promise, resolve } = Promise.withResolvers<[IncomingMessage, ServerResponse]>();
    arrival = promise;
    origin = await serve((request, response) => resolve([request, response]));
  });

  const clientOf = (options: ClientOptions = {}): Client => createClient({ clock, transport, ...options });

  /** A stream that gives a piece when it is asked to. */
  function live() {
    let sink!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start(controller) {
          sink = controller;
        },
        pull: () => resolve(),
      },
      { highWaterMark: 0 },
    );
    return {
      body,
      /** Somebody waits for a piece of it. */
      asked,
      write: (text: string) => sink.enqueue(new TextEncoder().encode(text)),
      close: () => sink.close(),
    };
  }

  const arrives = async (request: IncomingMessage, text: string) => {
    const [piece] = await once(request, 'data');
    expect(String(piece)).toBe(text);
  };

  it('S32 may take longer than the headers, and than the whole call, while its octets move', async () => {
    const { body, write, close } = live();
    const call = clientOf({ timeout: { headers: '10s', total: '1m' } }).post(origin, { body });
    write('0');
    const [request, response] = await arrival;
    await arrives(request, '0');
    for (let seconds = 0; seconds < 300; seconds += 50) {
      clock.advance('50s');
      write('a');
      await arrives(request, 'a');
    }
    close();
    request.resume();
    await once(request, 'end');
    response.end('done');
    expect(await call.text()).toBe('done');
  });

  it('S32 has the idle time for each piece', async () => {
    const { body, write } = live();
    const call = failure(clientOf({ timeout: { idle: '10s' } }).post(origin, { body }));
    write('0');
    await arrives((await arrival)[0], '0');
    clock.advance('10s');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'idle' });
  });

  it('S32 has the idle time for the first piece too, and none of that for its headers', async () => {
    const { body, asked, write } = live();
    const call = failure(clientOf({ timeout: { headers: '5s', idle: '10s' } }).post(origin, { body }));
    await asked;
    clock.advance('9s');
    write('0');
    await arrives((await arrival)[0], '0');
    clock.advance('10s');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'idle' });

    const silent = live();
    const never = failure(clientOf({ timeout: { idle: '10s' } }).post(origin, { body: silent.body }));
    await silent.asked;
    clock.advance('10s');
    expect(await never).toMatchObject({ code: 'timeout', phase: 'idle' });
  });

  it('S32 that stands still does not outlive the whole call', async () => {
    const { body, write } = live();
    const call = failure(clientOf({ timeout: '1m' }).post(origin, { body }));
    write('0');
    await arrives((await arrival)[0], '0');
    clock.advance('59s');
    clock.advance('1s');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'total' });
  });

  it('S32 is followed by the wait for the headers, which begins at its end', async () => {
    const { body, write, close } = live();
    const call = failure(clientOf({ timeout: { headers: '10s' } }).post(origin, { body }));
    write('0');
    const [request] = await arrival;
    await arrives(request, '0');
    clock.advance('30s');
    close();
    request.resume();
    await once(request, 'end');
    clock.advance('9999ms');
    clock.advance('1ms');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'headers' });
  });

  const known: [string, () => BodyInit][] = [
    ['octets', () => new Uint8Array(large)],
    ['text', () => 'x'.repeat(large)],
    ['a Blob', () => new Blob([new Uint8Array(large)])],
    [
      'a form',
      () => {
        const form = new FormData();
        form.set('file', new Blob([new Uint8Array(large)]), 'large.bin');
        return form;
      },
    ],
  ];
  // fetch alone sees how much of a body that it was given whole has gone: a transport of the program's own over it cannot tell.
  it.each(transport === toFetch ? [] : known)(
    'S32 that is large moves too, and says its length: %s',
    async (_, body) => {
      const call = clientOf({ timeout: { headers: '10s' } }).post(origin, { body: body() });
      const [request, response] = await arrival;
      clock.advance('60s');
      const octets = await buffer(request);
      expect(octets.byteLength).toBeGreaterThanOrEqual(large);
      expect(request.headers).toMatchObject({ 'content-length': String(octets.byteLength) });
      response.end('done');
      expect(await call.text()).toBe('done');
    },
  );

  it('of a Request is sent while it comes, and ends as its call does: by a deadline, a signal, and disposal', async () => {
    const stop = new AbortController();
    const ends: Record<string, [expected: unknown, end: (client: Client) => unknown, signal?: AbortSignal]> =
      {
        deadline: [{ code: 'timeout' }, () => clock.advance('10s')],
        signal: [{ name: 'AbortError' }, () => stop.abort(), stop.signal],
        disposal: [{ name: 'AbortError' }, (client) => client[Symbol.asyncDispose]()],
      };
    for (const [what, [expected, end, signal]] of Object.entries(ends)) {
      const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
      const server = await serve(resolve);
      const { body, write } = live();
      const client = clientOf({ timeout: '10s' });
      const init = { method: 'POST', body, duplex: 'half', ...(signal && { signal }) } as RequestInit;
      const call = failure(client.fetch(new Request(server, init)));
      write('0');
      await arrives(await promise, '0');
      end(client);
      expect(await call, what).toMatchObject(expected as object);
    }
  });

  it('of a Request that was made from octets goes out with its length', async () => {
    for (const body of ['text', new Uint8Array(100_000), new Blob(['blob'])] as const) {
      let length: string | undefined;
      const server = await serve((request, response) => {
        length = request.headers['content-length'];
        request.resume().on('end', () => response.end());
      });
      await clientOf().fetch(new Request(server, { method: 'POST', body }));
      expect(Number(length)).toBe(body instanceof Blob ? body.size : body.length);
    }
  });
});
