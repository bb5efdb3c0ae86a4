import { testClock } from 'hallpass/testing';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useLab } from '../../../tools/test/lab.ts';
import { apiKey, basic, bearer, CredentialError, createClient, credential, traceOf } from '../index.ts';
import type { TransportRequest } from '../transport/transport.ts';

let a: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, b } = origins);
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Answers 401 until the token is the present one. */
function guard(present: { token: string }) {
  const seen: (string | null)[] = [];
  const transport = async ({ headers }: TransportRequest) => {
    const authorization = headers.get('authorization');
    seen.push(authorization);
    await new Promise((resolve) => setImmediate(resolve));
    return new Response(null, { status: authorization === `Bearer ${present.token}` ? 200 : 401 });
  };
  return { seen, transport };
}

describe('bearer with a function', () => {
  it('S7 S9 asks it at every hop in scope, and for no other', async () => {
    const hops: string[] = [];
    const client = createClient({
      credentials: bearer(async (hop) => `t${hops.push(`${hop.index} ${hop.from ?? '-'}`)}`, { for: a }),
    });
    const inner = `${b}/redirect-to?url=${encodeURIComponent(`${a}/headers`)}`;
    const url = `${a}/redirect-to?url=${encodeURIComponent(inner)}`;
    await client.fetch(url);
    expect(hops).toEqual(['0 -', `2 ${inner}`]);
    expect(lab.log.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer t1',
      undefined,
      'Bearer t2',
    ]);
  });

  it('that fails ends the call before anything is sent: credential-failed, with its cause', async () => {
    const cause = new Error('the vault is closed');
    const client = createClient({ credentials: bearer(() => Promise.reject(cause), { for: a }) });
    const error = await client.fetch(`${a}/headers`).catch((failure) => failure);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ code: 'credential-failed', cause });
    expect(lab.log).toEqual([]);
  });

  it('that gives what no header can carry is a TypeError that does not repeat it', async () => {
    const client = createClient({ credentials: bearer(() => 'hp-secret-\n-x', { for: a }) });
    const error = await client.fetch(`${a}/headers`).catch((failure) => failure);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('hp-secret-');
  });
});

describe('bearer with refresh', () => {
  it('asks once for all calls that were refused with the same token, and repeats each once', async () => {
    const present = { token: 'new' };
    const { seen, transport } = guard(present);
    const asked: string[] = [];
    const refresh = async (rejected: string) => {
      asked.push(rejected);
      await new Promise((resolve) => setImmediate(resolve));
      return 'new';
    };
    const credentials = bearer('old', { for: a, refresh });
    const client = createClient({ credentials, transport });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.fetch(a)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(asked).toEqual(['old']);
    expect(seen.filter((token) => token === 'Bearer old')).toHaveLength(20);
    expect(traceOf(answers[0] as Response).hops.map(({ status, cause }) => [status, cause])).toEqual([
      [401, 'start'],
      [200, 'challenge'],
    ]);
    expect((await client.fetch(a)).status).toBe(200);
    present.token = 'newer';
    expect((await client.fetch(a)).status).toBe(401);
    expect(asked).toEqual(['old', 'new']);
  });

  it('keeps one flight when some refused calls come after it has landed', async () => {
    const { transport } = guard({ token: 'new' });
    let late: (() => void) | undefined;
    let asked = 0;
    const refresh = async () => ['new'][asked++] ?? 'asked again';
    const slow = async (request: TransportRequest) => {
      if (request.url.endsWith('/late') && late === undefined) await new Promise<void>((go) => (late = go));
      return transport(request);
    };
    const client = createClient({ credentials: bearer('old', { for: a, refresh }), transport: slow });
    const waiting = client.fetch(`${a}/late`);
    expect((await client.fetch(a)).status).toBe(200);
    late?.();
    expect((await waiting).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('remembers the new token for a function that gives the old one again', async () => {
    const { transport, seen } = guard({ token: 'new' });
    const client = createClient({
      credentials: bearer(() => 'old', { for: a, refresh: async () => 'new' }),
      transport,
    });
    await client.fetch(a);
    await client.fetch(a);
    expect(seen).toEqual(['Bearer old', 'Bearer new', 'Bearer new']);
  });

  it('that gives the rejected token, or goes in a circle, ends in the 401', async () => {
    const { transport } = guard({ token: 'never' });
    for (const next of [(old: string) => old, (old: string) => (old === 'x' ? 'y' : 'x')]) {
      const client = createClient({
        credentials: bearer('x', { for: a, refresh: async (rejected) => next(rejected) }),
        transport,
      });
      for (let call = 0; call < 4; call++) expect((await client.fetch(a)).status).toBe(401);
    }
  });

  it('goes on for the others when one caller gives up', async () => {
    const { transport } = guard({ token: 'new' });
    const { promise: landed, resolve: land } = Promise.withResolvers<string>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const refresh = () => {
      ask();
      return landed;
    };
    const client = createClient({ credentials: bearer('old', { for: a, refresh }), transport });
    const stop = new AbortController();
    const gone = client.fetch(a, { signal: stop.signal }).catch((reason) => reason);
    const patient = client.fetch(a);
    await asked;
    stop.abort('gone');
    expect(await gone).toBe('gone');
    land('new');
    expect((await patient).status).toBe(200);
  });

  it('that fails is credential-failed for all who wait, and is tried again by the next', async () => {
    const { transport, seen } = guard({ token: 'new' });
    let asked = 0;
    const refresh = async () => {
      while (seen.length < 2) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      return asked++ === 0 ? Promise.reject(new Error('down')) : 'new';
    };
    const client = createClient({ credentials: bearer('old', { for: a, refresh }), transport });
    const both = await Promise.allSettled([client.fetch(a), client.fetch(a)]);
    expect(both.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
      Array(2).fill('credential-failed'),
    );
    expect((await client.fetch(a)).status).toBe(200);
  });

  it('is not asked for the 401 of a host out of scope, nor for a hop where another credential went', async () => {
    let asked = 0;
    const refresh = async () => `${asked++}`;
    const client = createClient({ credentials: bearer('old', { for: a, refresh }) });
    const url = `${a}/redirect-to?url=${encodeURIComponent(`${b}/need`)}`;
    expect((await client.fetch(url)).status).toBe(401);
    expect((await client.fetch(`${a}/need`, { headers: { authorization: 'Own' } })).status).toBe(401);
    expect(asked).toBe(0);
  });

  it('that hangs ends after its time for all who wait, and is tried again by the next', async () => {
    const clock = testClock(0);
    const { transport, seen } = guard({ token: 'new' });
    const answers = [new Promise<string>(() => {}), Promise.resolve('new')];
    const refresh = () => answers.shift() as Promise<string>;
    const credentials = bearer('old', { for: a, refresh, refreshTimeout: '10s', clock });
    const client = createClient({ credentials, transport });
    const both = Promise.allSettled([client.fetch(a), client.fetch(a)]);
    while (seen.length < 2) await turn();
    await turn();
    await turn();
    clock.advance('10s');
    const errors = (await both).map((one) => one.status === 'rejected' && one.reason);
    expect(errors.map(({ code }) => code)).toEqual(Array(2).fill('credential-failed'));
    expect(errors[0].cause.message).toMatch(/within 10000 ms \(refreshTimeout/);
    expect((await client.fetch(a)).status).toBe(200);
  });

  it('through the same client does not wait for itself', async () => {
    const { transport } = guard({ token: 'new' });
    const statuses: number[] = [];
    const client = createClient({
      credentials: bearer('old', {
        for: a,
        refresh: async () => {
          statuses.push((await client.post(`${a}/token`)).status);
          return 'new';
        },
      }),
      transport,
    });
    expect((await client.fetch(a)).status).toBe(200);
    expect(statuses).toEqual([401]);
  });

  it.each([
    ['a string', (refresh: () => Promise<string>) => bearer('t0', { for: a, refresh })],
    ['a function', (refresh: () => Promise<string>) => bearer(() => 't0', { for: a, refresh })],
  ])('never sends the first token again, however often it was replaced: %s', async (_, make) => {
    const present = { token: 't0' };
    const { transport, seen } = guard(present);
    let last = 0;
    const client = createClient({ credentials: make(async () => `t${last}`), transport });
    for (let round = 0; round < 40; round++) {
      expect((await client.fetch(a)).status).toBe(200);
      last += 1;
      present.token = `t${last}`;
    }
    expect(seen.filter((token) => token === 'Bearer t0')).toHaveLength(2);
  });

  it.each([
    ['gives nothing', async () => undefined],
    ['gives an empty text', async () => ''],
  ])('or a token function that %s is an error that says so, and nothing like it is sent', async (_, none) => {
    const { transport, seen } = guard({ token: 'new' });
    const give = none as () => Promise<string>;
    const asked = await failure(createClient({ credentials: bearer(give, { for: a }), transport }).fetch(a));
    expect(asked.cause).toBeInstanceOf(TypeError);
    expect(asked.cause.message).toBe('The token function of a bearer gives a token: text that is not empty.');
    const credentials = bearer('old', { for: a, refresh: give });
    const refreshed = await failure(createClient({ credentials, transport }).fetch(a));
    expect(refreshed.cause.message).toBe('The refresh of a bearer gives a token: text that is not empty.');
    expect(seen).toEqual(['Bearer old']);
    expect(() => bearer(undefined as never, { for: a })).toThrow(/A bearer is made from a token/);
  });

  it('does not send a stream again: the 401 is the answer', async () => {
    let asked = 0;
    const { transport } = guard({ token: 'new' });
    const client = createClient({
      credentials: bearer('old', { for: a, refresh: async () => `${asked++}` }),
      transport,
    });
    const body = new ReadableStream();
    expect((await client.post(a, { body })).status).toBe(401);
    expect(asked).toBe(0);
  });
});

it('credential: challenge sees the 401, and true repeats the hop once', async () => {
  let attempts = 0;
  const client = createClient({
    credentials: credential({
      name: 'two-step',
      for: a,
      attach: (): { headers?: Record<string, string> } =>
        attempts === 0 ? {} : { headers: { authorization: 'Bearer x' } },
      challenge: (response, hop) => {
        expect([response.headers.get('www-authenticate'), hop.index]).toEqual(['Bearer realm="lab"', 0]);
        return ++attempts < 5;
      },
    }),
  });
  const response = await client.fetch(`${a}/need`);
  expect([response.status, attempts, lab.log.length]).toEqual([200, 1, 2]);
  expect(response.redirected).toBe(false);
});

it('no credential shows its value to JSON or inspect', async () => {
  const { inspect } = await import('node:util');
  const all = [
    bearer('hp-secret-1', { for: a }),
    bearer('hp-secret-2', { for: a, refresh: async () => 'hp-secret-3' }),
    basic('user', 'hp-secret-4', { for: a }),
    apiKey('x-key', 'hp-secret-5', { for: a }),
    apiKey('key', 'hp-secret-6', { for: a, in: 'query' }),
  ];
  const client = createClient({
    credentials: all,
    headers: { 'x-api-key': 'hp-secret-7' },
    baseUrl: 'http://u:hp-secret-8@h/',
  });
  const shown =
    inspect([all, client], { depth: 9, showHidden: true, getters: true }) + JSON.stringify([all, client]);
  expect(shown).not.toContain('hp-secret');
});
