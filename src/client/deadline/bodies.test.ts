import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type TestClock, testClock } from 'hallpass/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useServers } from '../../../tools/test/serve.ts';
import { type ClientOptions, createClient, fetchTransport } from '../index.ts';
import { undiciTransport } from '../undici/index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const serve = useServers();

/** Lets what is under way go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe.each([
  ['fetchTransport', fetchTransport],
  ['undiciTransport', undiciTransport()],
])('over %s the body of an answer', (_, transport) => {
  let clock: TestClock;
  let origin: string;
  let answer: ServerResponse;
  beforeEach(async () => {
    clock = testClock(0);
    origin = await serve((_, response) => {
      answer = response;
      response.writeHead(200, { 'content-type': 'text/plain' }).write('0');
    });
  });

  const fetched = (options: ClientOptions = {}, url = origin) =>
    createClient({ clock, transport, ...options }).fetch(url);

  /** Reads the next piece of a stream, once it is on its way. */
  const piece = async (reader: ReadableStreamDefaultReader<Uint8Array>, text: string) => {
    answer.write(text);
    const { value } = await reader.read();
    return new TextDecoder().decode(value);
  };

  it('S32 that is read as a stream may flow on for longer than the total of 5 min', async () => {
    const { body } = await fetched();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    for (let minutes = 0; minutes < 40; minutes += 4) {
      expect(await piece(reader, 'a')).toBe('a');
      clock.advance('4m');
    }
    answer.end();
    expect(await reader.read()).toMatchObject({ done: true });
  });

  it('S32 that is read as a stream ends when nothing more of it comes for 5 min', async () => {
    const { body } = await fetched();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const more = failure(reader.read());
    await turn();
    clock.advance('299s');
    clock.advance('1s');
    const error = await more;
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle' });
    expect(error.message).toBe('Nothing of a body moved within 300000 ms (timeout.idle).');
  });

  it('S32 may be left alone between two pieces for as long as its reader likes', async () => {
    const { body } = await fetched();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    clock.advance('3h');
    expect(await piece(reader, 'b')).toBe('b');
  });

  it('S32 that nobody begins to read ends after 5 min, and its connection with it', async () => {
    const response = await fetched();
    const closed = once(answer, 'close');
    clock.advance('5m');
    await closed;
    expect(await failure(response.text())).toMatchObject({ code: 'timeout', phase: 'idle' });
  });

  it('S32 that is read whole has the total, however its pieces come, and no time is lost until it is asked for', async () => {
    const response = await fetched();
    clock.advance('4m');
    const reading = failure(response.text());
    for (let minutes = 0; minutes < 4; minutes++) {
      answer.write('c');
      await turn();
      clock.advance('1m');
    }
    clock.advance('1m');
    expect(await reading).toMatchObject({ code: 'timeout', phase: 'total' });
  });

  it('S32 that is read as a stream keeps to a total that somebody has set', async () => {
    for (const timeout of ['6m', { total: '6m' }] as const) {
      const { body } = await fetched({ timeout });
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      clock.advance('4m');
      expect(await piece(reader, 'd')).toBe('d');
      const more = failure(reader.read());
      await turn();
      clock.advance('2m');
      expect(await more).toMatchObject({ code: 'timeout', phase: 'total' });
    }
  });

  it("S32 has no deadline where timeout is 'none', which is not written as Infinity", async () => {
    for (const timeout of [Number.POSITIVE_INFINITY, { idle: Number.POSITIVE_INFINITY }])
      expect(() => createClient({ timeout })).toThrow(/'none'/);
    for (const timeout of ['none', { headers: 'none', idle: 'none', total: 'none' }] as const) {
      const reading = (await fetched({ timeout })).text();
      clock.advance('900d');
      answer.end('e');
      expect(await reading).toBe('0e');
    }
  });

  it('S32 is ended in time also when only its stream, a clone, or the stream of a clone is held', async () => {
    const held: Record<string, (response: Response) => ReadableStream | Response> = {
      stream: ({ body }) => body as ReadableStream,
      clone: (response) => response.clone(),
      'stream of a clone': (response) => response.clone().body as ReadableStream,
    };
    for (const [what, take] of Object.entries(held)) {
      // The response itself is not held by this frame.
      const kept = await fetched({ timeout: { headers: '10s', total: '1m' } }).then(take);
      clock.advance('15s');
      await turn();
      collectGarbage();
      await turn();
      collectGarbage();
      const reading = failure(new Response(kept instanceof Response ? kept.body : kept).text());
      clock.advance('44s');
      clock.advance('1s');
      expect(await reading, what).toMatchObject({ code: 'timeout', phase: 'total' });
    }
  });

  it('that nobody holds any more lets its connection go, also when it is longer than what is kept unread', async () => {
    const long = await serve((_, response) => {
      answer = response;
      response.write('x'.repeat(1_000_000));
    });
    // The response itself is not held by this frame.
    expect(await fetched({}, long).then(({ status }) => status)).toBe(200);
    for (let turns = 0; turns < 20 && !answer.destroyed; turns++) {
      await wait(0);
      collectGarbage();
    }
    expect(answer.destroyed).toBe(true);
  });

  it('can be read by both ends of a clone, by a stream and whole, and into one’s own memory', async () => {
    const response = await fetched();
    const copy = response.clone();
    answer.end('fgh');
    expect(await copy.text()).toBe('0fgh');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader({ mode: 'byob' });
    const { value } = await reader.read(new Uint8Array(1));
    expect(value).toEqual(new Uint8Array([0x30]));
    reader.releaseLock();
    expect(response.bodyUsed).toBe(true);
    expect(await failure(response.text())).toBeInstanceOf(TypeError);
  });

  it('leaves nothing on a signal that outlives its call', async () => {
    const { signal, listeners } = counted();
    const ended = await serve((_, response) => void response.end('x'.repeat(100_000)));
    const client = createClient({ clock, transport });
    const ways: Record<string, (response: Response) => unknown> = {
      text: (response) => response.text(),
      stream: async ({ body }) => {
        for await (const _ of body ?? []);
      },
      cancel: ({ body }) => body?.cancel(),
      clone: (response) => response.clone().text(),
      dropped: () => {},
    };
    for (const [way, read] of Object.entries(ways)) {
      for (let call = 0; call < 5; call++) {
        const call = client.fetch(ended, { signal });
        await call.then(read);
      }
      if (way !== 'dropped') expect(listeners(), way).toBe(0);
    }
    clock.advance('5m');
    for (let turns = 0; turns < 100 && listeners() > 0; turns++) {
      await wait(0);
      collectGarbage();
    }
    expect(listeners()).toBe(0);
  });
});

/** A signal that counts who listens to it. */
function counted() {
  const { signal } = new AbortController();
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...of: unknown[]) => {
    listening.add(of[1]);
    Reflect.apply(addEventListener, signal, of);
  };
  signal.removeEventListener = (...of: unknown[]) => {
    listening.delete(of[1]);
    Reflect.apply(removeEventListener, signal, of);
  };
  return { signal, listeners: () => listening.size };
}
