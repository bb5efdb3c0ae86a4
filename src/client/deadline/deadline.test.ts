import type { RequestListener } from 'node:http';
import { type TestClock, testClock } from 'hallpass/testing';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useServers } from '../../../tools/test/serve.ts';
import { bearer, type ClientOptions, createClient, type TimeoutError } from '../index.ts';

const serve = useServers();

/** A server that never answers, and a promise for the moment when it was asked. */
async function silent(first?: RequestListener) {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const origin = await serve((request, response) => {
    if (first !== undefined && request.url === '/first') first(request, response);
    else resolve();
  });
  return { origin, asked };
}

/** A client whose time stands still. */
function patient(options: ClientOptions = {}) {
  const clock = options.clock ?? testClock(0);
  return { clock: clock as TestClock, client: createClient({ clock, ...options }) };
}

describe('a deadline', () => {
  it("S32 for the headers ends a call that gets no answer, phase 'headers'", async () => {
    const { origin, asked } = await silent();
    const { clock, client } = patient({ timeout: { headers: '5s' } });
    const call = failure(client.fetch(origin));
    await asked;
    clock.advance('4999ms');
    clock.advance('1ms');
    const error: TimeoutError = await call;
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'timeout', phase: 'headers' });
    expect(error.message).toContain('5000 ms');
    expect(error.trace.hops).toMatchObject([{ url: `${origin}/`, error: 'timeout', ms: 5000 }]);
  });

  it("S32 for the whole call counts every hop, phase 'total'", async () => {
    const { clock, client } = patient({ timeout: { total: '10s', headers: '8s' } });
    const { origin, asked } = await silent((_, response) => {
      clock.advance('7s');
      response.writeHead(302, { location: '/second' }).end();
    });
    const call = failure(client.fetch(`${origin}/first`));
    await asked;
    clock.advance('3s');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'total' });
  });

  it('S32 is not outlived by a server that drips its body', async () => {
    const origin = await serve((_, response) => void response.writeHead(200).write('.'));
    const { clock, client } = patient({ timeout: '10s' });
    const response = await client.fetch(origin);
    const reading = failure(response.text());
    clock.advance('10s');
    expect(await reading).toMatchObject({ code: 'timeout', phase: 'total' });
  });

  it('S32 is finite by default: 5 min for the headers, and for a body that is read whole', async () => {
    const { origin, asked } = await silent();
    const { clock, client } = patient({ timeout: { total: '1h' } });
    const call = failure(client.fetch(origin));
    await asked;
    clock.advance('5m');
    expect(await call).toMatchObject({ phase: 'headers' });
    const dripping = await serve((_, response) => void response.writeHead(200).write('.'));
    const reading = failure((await patient({ clock }).client.fetch(dripping)).text());
    clock.advance('5m');
    expect(await reading).toMatchObject({ phase: 'total' });
  });

  it('of one call takes the place of the client’s', async () => {
    const { origin, asked } = await silent();
    const { clock, client } = patient({ timeout: '20s' });
    const call = failure(client.fetch(origin, { timeout: '2s' }));
    await asked;
    clock.advance('2s');
    expect(await call).toMatchObject({ phase: 'total' });
  });

  it("S32 for the connection ends a call whose transport tells that it waits for one, phase 'connect'", async () => {
    const { clock, client } = patient({
      timeout: { connect: '2s' },
      transport: ({ began, signal }) => {
        began?.('connect');
        return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
      },
    });
    const call = failure(client.fetch('http://127.0.0.1/'));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance('2s');
    const error: TimeoutError = await call;
    expect(error).toMatchObject({ code: 'timeout', phase: 'connect' });
    expect(error.message).toBe('No connection stood within 2000 ms (timeout.connect).');
  });

  it('S32 for the headers begins anew when the connection stands', async () => {
    const { clock, client } = patient({
      timeout: { connect: '2s', headers: '5s' },
      transport: ({ began, signal }) => {
        began?.('connect');
        clock.advance('1s');
        began?.('headers');
        return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
      },
    });
    const call = failure(client.fetch('http://127.0.0.1/'));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance('4999ms');
    clock.advance('1ms');
    expect(await call).toMatchObject({ phase: 'headers', trace: { hops: [{ ms: 6000 }] } });
  });

  it('does not fire once the body was read', async () => {
    const origin = await serve((_, response) => void response.end('text'));
    const { clock, client } = patient();
    const response = await client.fetch(origin);
    expect(await response.text()).toBe('text');
    clock.advance('1h');
    expect((await client.fetch(origin)).status).toBe(200);
  });

  it('does not move when the time of the machine is set', async () => {
    const { origin, asked } = await silent();
    const clock = testClock(0);
    let shift = 0;
    const wall = { ...clock, now: () => clock.now() + shift, monotonic: clock.now };
    for (const hours of [-1, 1]) {
      const call = failure(createClient({ clock: wall, timeout: '10s' }).fetch(origin));
      await asked;
      shift += hours * 3_600_000;
      clock.advance('9999ms');
      clock.advance('1ms');
      expect(await call).toMatchObject({ phase: 'total', trace: { hops: [{ ms: 10_000 }] } });
    }
  });

  it('works on the machine’s clock too', async () => {
    const { origin } = await silent();
    const call = createClient({ timeout: { headers: '20ms' } }).fetch(origin);
    await expect(call).rejects.toMatchObject({ code: 'timeout', phase: 'headers' });
  });

  it.each<[unknown]>([[0], ['0s'], [5000], ['soon'], [{ total: -1 }]])(
    '%j is a TypeError',
    async (timeout) => {
      expect(() => createClient({ timeout: timeout as '1s' })).toThrow(TypeError);
      await expect(createClient().fetch('http://127.0.0.1', { timeout: timeout as '1s' })).rejects.toThrow(
        TypeError,
      );
    },
  );
});

describe('an abort', () => {
  it('rejects with the reason of the signal: while waiting', async () => {
    const { origin, asked } = await silent();
    const stop = new AbortController();
    const call = failure(createClient().fetch(origin, { signal: stop.signal }));
    await asked;
    const reason = new Error('changed my mind');
    stop.abort(reason);
    expect(await call).toBe(reason);
  });

  it('before the call, of a Request, without a reason', async () => {
    const { origin } = await silent();
    await expect(createClient().fetch(origin, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    const request = new Request(origin, { signal: AbortSignal.abort() });
    await expect(createClient().fetch(request)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('while the body is read', async () => {
    const origin = await serve((_, response) => void response.writeHead(200).write('.'));
    const stop = new AbortController();
    const response = await createClient().fetch(origin, { signal: stop.signal });
    const reading = failure(response.text());
    stop.abort('enough');
    expect(await reading).toBe('enough');
  });

  it('while a credential or redirect.follow is asked, whatever these do', async () => {
    const { origin } = await silent((_, response) => void response.writeHead(302, { location: '/x' }).end());
    for (const place of ['credential', 'follow']) {
      const stop = new AbortController();
      const never = () => {
        setImmediate(() => stop.abort(place));
        return new Promise<never>(() => {});
      };
      const client = createClient(
        place === 'credential'
          ? { credentials: bearer(never, { for: origin }) }
          : { redirect: { follow: never } },
      );
      await expect(client.fetch(`${origin}/first`, { signal: stop.signal })).rejects.toBe(place);
    }
  });

  it('is what disposal does to calls under way', async () => {
    const { origin, asked } = await silent();
    const client = createClient();
    const call = failure(client.fetch(origin));
    await asked;
    await client[Symbol.asyncDispose]();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await expect(client.fetch(origin)).rejects.toThrow(TypeError);
  });

  it('leaves no listener on a signal that outlives its calls', async () => {
    const origin = await serve((_, response) => void response.end('text'));
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...of: unknown[]) => {
      listeners++;
      Reflect.apply(addEventListener, signal, of);
    };
    signal.removeEventListener = (...of: unknown[]) => {
      listeners--;
      Reflect.apply(removeEventListener, signal, of);
    };
    const client = createClient();
    await (await client.fetch(origin, { signal })).text();
    await client.fetch('http://127.0.0.1:1/', { signal }).catch(() => {});
    expect(listeners).toBe(0);
  });
});
