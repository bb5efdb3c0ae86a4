import type { RequestListener } from 'node:http';
import { testClock } from 'hallpass/testing';
import { describe, expect, it } from 'vitest';
import { useServers } from '../../tools/test/serve.ts';
import { type ClientOptions, createClient, type RetryPolicy, traceOf } from './index.ts';

const serve = useServers();

/** A server that answers by turns: a status with headers, or by breaking the connection off. The last one stays. */
async function byTurns(...turns: (number | 'reset' | [number, Record<string, string>])[]) {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    const turn = turns[Math.min(asked.length, turns.length - 1)] ?? 200;
    asked.push(`${request.method} ${request.url}`);
    if (turn === 'reset') return void request.socket.destroy();
    const [status, headers] = typeof turn === 'number' ? [turn, {}] : turn;
    response.writeHead(status, headers).end(`answer ${asked.length}`);
  };
  return { url: `${await serve(listener)}/x`, asked };
}

/** The deadlines of a call wait by the clock too, and the drain of a body that is thrown away. */
const isOther = (ms: number) => ms >= 30_000 || ms === 200;

/** A client whose waits for a retry end at once; `waits` are their lengths in milliseconds. */
function hasty(retry: RetryPolicy | false | undefined, options: ClientOptions = {}) {
  const waits: number[] = [];
  let now = Date.UTC(2026, 10, 21);
  const clock = {
    now: () => now,
    delay: async (ms: number, signal?: AbortSignal) => {
      if (isOther(ms)) return new Promise<void>((_, fail) => signal?.addEventListener('abort', fail));
      waits.push(ms);
      now += ms;
    },
  };
  const client = createClient({
    clock,
    timeout: { headers: '60s' },
    ...options,
    ...(retry !== undefined && { retry }),
  });
  return { client, waits };
}

const plain = { jitter: false } as const;
const causes = (response: Response) => traceOf(response).hops.map(({ cause, status }) => [cause, status]);

describe('retry', () => {
  it.each([[undefined], [false as const]])('is off unless asked for: %s', async (retry) => {
    const { url, asked } = await byTurns(503);
    expect((await hasty(retry).client.fetch(url)).status).toBe(503);
    expect(asked).toHaveLength(1);
  });

  it('repeats a request that failed for a moment, with waits that double, and the trace says so', async () => {
    const { url } = await byTurns(503, 'reset', 200);
    const { client, waits } = hasty(plain);
    const response = await client.fetch(url);
    expect(await response.text()).toBe('answer 3');
    expect(waits).toEqual([300, 600]);
    expect(causes(response)).toEqual([
      ['start', 503],
      ['retry', undefined],
      ['retry', 200],
    ]);
    expect(traceOf(response).hops[1]?.error).toBe('network');
    expect(`${traceOf(response)}`).toContain(`GET ${url}  (again, after the failure)  →  200`);
  });

  it('ends with the last answer, or with the last error and the whole trace', async () => {
    const busy = await byTurns(503);
    const response = await hasty(plain).client.fetch(busy.url);
    expect([response.status, busy.asked.length]).toEqual([503, 3]);
    const broken = await byTurns('reset');
    const error = await hasty({ ...plain, maxRetries: 1 })
      .client.fetch(broken.url)
      .catch((failure) => failure);
    expect(error).toMatchObject({
      code: 'network',
      trace: { hops: [{ error: 'network' }, { error: 'network' }] },
    });
  });

  it('repeats the failed hop, never the chain', async () => {
    const { url, asked } = await byTurns([302, { location: '/second' }], 503, 200);
    const response = await hasty(plain).client.fetch(url);
    expect(asked).toEqual(['GET /x', 'GET /second', 'GET /second']);
    expect(causes(response).map(([cause]) => cause)).toEqual(['start', 'redirect', 'retry']);
  });

  it.each(['POST', 'PATCH', 'PROPFIND'])(
    'does not repeat %s, which may have done its work',
    async (method) => {
      const { url, asked } = await byTurns(503, 200);
      expect((await hasty(plain).client.fetch(url, { method })).status).toBe(503);
      expect(asked).toHaveLength(1);
    },
  );

  it('repeats what the policy names, and a body that can be sent again, but no stream', async () => {
    const statuses = [500];
    const post = await byTurns(500, 200);
    const { client } = hasty({ ...plain, methods: ['POST', 'PUT'], statuses });
    expect((await client.post(post.url, { body: 'x' })).status).toBe(200);
    const put = await byTurns(500, 200);
    expect((await client.put(put.url, { body: new Blob(['x']).stream() })).status).toBe(500);
    expect((await client.fetch((await byTurns(503, 200)).url, { method: 'PUT' })).status).toBe(503);
  });

  it.each([
    ['3', 3_000],
    ['0', 0],
    [new Date(Date.UTC(2026, 10, 21, 0, 0, 7)).toUTCString(), 7_000],
    [new Date(0).toUTCString(), 0],
    ['soon', 300],
    ['-1', 300],
    ['Sat Nov 21 00:00:07 2026', 7_000],
  ])('waits as a Retry-After of %s asks: %d ms', async (header, ms) => {
    const { url } = await byTurns([429, { 'retry-after': header }], 200);
    const { client, waits } = hasty(plain);
    expect((await client.fetch(url)).status).toBe(200);
    expect(waits).toEqual(ms === 0 ? [] : [ms]);
  });

  it('does not wait longer than maxDelay, nor than the call may take: the answer stands', async () => {
    for (const seconds of ['31', '9'.repeat(12)]) {
      const long = await byTurns([503, { 'retry-after': seconds }], 200);
      expect((await hasty(plain).client.fetch(long.url)).status).toBe(503);
    }
    const late = await byTurns([503, { 'retry-after': '20' }], 200);
    const client = createClient({ clock: testClock(0), retry: plain, timeout: '15s' });
    expect((await client.fetch(late.url)).status).toBe(503);
    const many = await byTurns(503);
    const capped = hasty({ ...plain, maxRetries: 4, delay: '10s', maxDelay: '15s' });
    await capped.client.fetch(many.url);
    expect(capped.waits).toEqual([10_000, 15_000, 15_000, 15_000]);
  });

  it('does not begin a wait that is longer than what the call has left', async () => {
    const clock = testClock(0);
    let sent = 0;
    const transport = async () => {
      clock.advance('8s');
      sent += 1;
      return new Response(null, { status: 503, headers: { 'retry-after': '5' } });
    };
    const client = createClient({ clock, retry: plain, timeout: '12s', transport });
    expect((await client.fetch('https://api.example.com/')).status).toBe(503);
    expect(sent).toBe(1);
  });

  it('waits with jitter: between half and all, and never less than the server asked for', async () => {
    for (let round = 0; round < 20; round++) {
      const { client, waits } = hasty({ delay: '1s' });
      await client.fetch((await byTurns(503, [503, { 'retry-after': '5' }], 200)).url);
      const [first = 0, second = 0] = waits;
      expect(first).toBeGreaterThanOrEqual(500);
      expect(first).toBeLessThanOrEqual(1_000);
      expect(second).toBeGreaterThanOrEqual(5_000);
      expect(second).toBeLessThanOrEqual(6_000);
    }
  });

  it('has a budget for the whole client, which good answers refill', async () => {
    const down = await byTurns(503);
    const up = await byTurns(200);
    const { client } = hasty({ ...plain, maxRetries: 9, maxBudget: 3 });
    await client.fetch(down.url);
    expect(down.asked).toHaveLength(4);
    await client.fetch(down.url);
    expect(down.asked).toHaveLength(5);
    for (let call = 0; call < 11; call++) await client.fetch(up.url);
    await client.fetch(down.url);
    expect(down.asked).toHaveLength(7);
  });

  it('does not knock again where a guard has refused the address, nor for the failure of another call', async () => {
    let asked = 0;
    const transport = () => {
      asked += 1;
      return Promise.reject(Object.assign(new Error('a private address'), { code: 'address-refused' }));
    };
    const guarded = hasty(plain, { transport }).client.fetch('http://127.0.0.1/');
    await expect(guarded).rejects.toMatchObject({ code: 'address-refused' });
    expect(asked).toBe(1);

    const { url, asked: arrived } = await byTurns(200);
    const response = [() => createClient().fetch('http://127.0.0.1:1/')];
    await expect(hasty(plain, { hooks: { response } }).client.fetch(url)).rejects.toMatchObject({
      code: 'network',
    });
    expect(arrived).toHaveLength(1);
  });

  it('asks every secret again, and plants the cookies of the failed answer', async () => {
    const { url } = await byTurns([503, { 'set-cookie': 'node=2' }], 200);
    const { client } = hasty(plain);
    const response = await client.fetch(url);
    expect(traceOf(response).hops.map(({ secrets }) => secrets.map(({ name }) => name))).toEqual([
      [],
      ['node'],
    ]);
  });

  it('moves with a test clock, and an abort ends the wait', async () => {
    const clock = testClock(0);
    const { url, asked } = await byTurns(503, 200);
    const client = createClient({ clock, retry: { ...plain, delay: '5s' } });
    const call = client.fetch(url);
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const moving = setInterval(() => clock.advance('1s'), 5);
    expect((await call).status).toBe(200);
    clearInterval(moving);
    expect(clock.now()).toBeGreaterThanOrEqual(5_000);

    const stop = new AbortController();
    const busy = await byTurns(503);
    const waiting = client.fetch(busy.url, { signal: stop.signal }).catch((reason) => reason);
    while (busy.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort('enough');
    expect(await waiting).toBe('enough');
  });

  it.each([
    { maxRetries: -1 },
    { maxRetries: 1.5 },
    { maxBudget: Number.NaN },
    { delay: 'soon' },
    { maxDelay: 5_000 },
  ])('%j is a TypeError', (retry) => {
    expect(() => createClient({ retry: retry as RetryPolicy })).toThrow(TypeError);
  });
});

describe('a retry policy as it is written', () => {
  it('methods are those that a request of this name sends', async () => {
    const { url, asked } = await byTurns(503, 200);
    await hasty({ ...plain, methods: ['post'] }).client.fetch(url, { method: 'POST', body: 'x' });
    expect(asked).toHaveLength(2);
  });

  it.each<[object]>([
    [{ methods: ['FOO BAR'] }],
    [{ methods: ['CONNECT'] }],
    [{ methods: ['patch'] }],
    [{ methods: [3] }],
    [{ statuses: [Number.NaN] }],
    [{ statuses: [5030] }],
  ])('what no request or answer has is a TypeError: %o', (retry) => {
    expect(() => createClient({ retry: retry as RetryPolicy })).toThrow(TypeError);
  });

  it.each(['x y', '', 3])('a list of header names holds names: %s', (name) => {
    const names = [name] as string[];
    expect(() => createClient({ secretHeaders: names })).toThrow(/secretHeaders\[0\]/);
    expect(() => createClient({ redirect: { crossOriginHeaders: names } })).toThrow(
      /crossOriginHeaders\[0\]/,
    );
  });
});
