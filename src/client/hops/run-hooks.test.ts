import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import {
  bearer,
  type ClientOptions,
  createClient,
  type Hooks,
  type TransportRequest,
  traceOf,
} from '../index.ts';

let a: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, b } = origins);
});

/** A URL that leads through these origins to the last one. */
const through = (...origins: string[]) =>
  origins.reduceRight(
    (target, origin) => `${origin}/redirect-to?url=${encodeURIComponent(target)}`,
    `${origins.pop()}/headers`,
  );
const arrived = (name: string) => lab.log.map(({ headers }) => headers[name]);
const hooked = (hooks: Hooks, options: ClientOptions = {}) => createClient({ hooks, ...options });

describe('S29 hooks', () => {
  it('are awaited one after another: request once, response at every answer, redirect before each next request', async () => {
    const seen: string[] = [];
    const later = async (text: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(text);
    };
    const client = hooked({
      request: [(request, hop) => later(`request ${hop.index} ${request.method}`), () => later('and then')],
      response: [(response, hop) => void seen.push(`response ${hop.index} ${response.status}`)],
      redirect: [(next, response, hop) => later(`redirect ${hop.index} ${response.status} ${next.url}`)],
    });
    await client.fetch(through(a, b));
    expect(seen).toEqual([
      'request 0 GET',
      'and then',
      'response 0 302',
      `redirect 1 302 ${b}/headers`,
      'response 1 200',
    ]);
  });

  it('see no secret: the caller’s headers are lifted out before', async () => {
    const seen: string[] = [];
    const client = hooked(
      {
        request: [({ headers, url }) => void seen.push(url, JSON.stringify([...headers]))],
        redirect: [({ headers }) => void seen.push(JSON.stringify([...headers]))],
      },
      { credentials: bearer('hp-secret-bearer', { for: a }), headers: { 'x-api-key': 'hp-secret-key' } },
    );
    await client.fetch(through(a, b).replace('//', '//user:hp-secret-pw@'), {
      headers: { cookie: 'c=hp-secret-cookie', accept: 'text/x-own' },
    });
    expect(seen.join()).toContain('text/x-own');
    expect(seen.join()).not.toContain('hp-secret');
  });

  it('cannot change the URL, the method or the framing', async () => {
    const changes: ((request: object) => void)[] = [
      (request) => Object.assign(request, { url: b }),
      (request) => Object.assign(request, { method: 'POST' }),
      (request) => (request as { headers: Headers }).headers.set('host', 'evil.test'),
      (request) => (request as { headers: Headers }).headers.set('content-length', '7'),
    ];
    for (const change of changes) {
      await expect(hooked({ request: [change] }).fetch(`${a}/headers`)).rejects.toThrow(TypeError);
    }
    expect(lab.log).toEqual([]);
  });

  it('end the call with what they throw', async () => {
    const refusal = new Error('not today');
    for (const hooks of [
      { request: [() => Promise.reject(refusal)] },
      {
        response: [
          () => {
            throw refusal;
          },
        ],
      },
      { redirect: [() => Promise.reject(refusal)] },
    ] satisfies Hooks[]) {
      await expect(hooked(hooks).fetch(through(a, b))).rejects.toBe(refusal);
    }
    expect(lab.log.map(({ origin }) => origin)).toEqual([a, a]);
  });

  it('that write what no header can carry are refused without a word of it', async () => {
    const value = 'hp-secret\nx';
    for (const write of ['set', 'append'] as const) {
      const headers = {
        request: [(request: { headers: Headers }) => request.headers[write]('x-api-key', value)],
      };
      const error = await hooked(headers)
        .fetch(`${a}/headers`)
        .catch((failure) => failure);
      expect(error).toBeInstanceOf(TypeError);
      expect(`${error.message}${error.stack}`).not.toContain('hp-secret');
    }
    expect(lab.log).toEqual([]);
  });

  it.each([[{ request: 'x' }], [{ response: ['x'] }]])('%j is a TypeError', (hooks) => {
    expect(() => hooked(hooks as unknown as Hooks)).toThrow(TypeError);
  });
});

describe('a header that a hook adds', () => {
  it('S30 F7 belongs to the first origin, like the caller’s own, A→A→B→A', async () => {
    const response = await hooked({
      request: [({ headers }) => headers.set('x-signature', 'hp-secret-signature')],
    }).fetch(through(a, a, b, a));
    expect(arrived('x-signature')).toEqual([
      'hp-secret-signature',
      'hp-secret-signature',
      undefined,
      undefined,
    ]);
    const verdicts = traceOf(response).hops.map(({ secrets }) => secrets[0]?.verdict.reasons[0]?.code);
    expect(verdicts).toEqual([undefined, undefined, 'scope-other-host', 'left-origin']);
    expect(`${traceOf(response)}`).not.toContain('hp-secret');
  });

  it('S30 by a redirect hook changes the next request for sure, and is judged afterwards', async () => {
    const enforce: Hooks = {
      redirect: [({ headers }, _, hop) => headers.set('authorization', `Bearer hop-${hop.index}`)],
    };
    await hooked(enforce).fetch(through(a, a, b, b));
    expect(arrived('authorization')).toEqual([undefined, 'Bearer hop-1', undefined, undefined]);
  });

  it('travels on when it is one of those that may, and can be taken back', async () => {
    await hooked({
      request: [({ headers }) => headers.set('traceparent', '00-1')],
      redirect: [({ headers }, _, { index }) => void (index === 2 && headers.delete('traceparent'))],
    }).fetch(through(a, b, b));
    expect(arrived('traceparent')).toEqual(['00-1', '00-1', undefined]);
  });

  it('comes after what the call itself brought, and before the client’s', async () => {
    const hooks: Hooks = { request: [({ headers }) => headers.set('authorization', 'Hook')] };
    const client = hooked(hooks, { credentials: bearer('session', { for: a }) });
    await client.fetch(`${a}/headers`, { headers: { authorization: 'Own' } });
    const response = await client.fetch(`${a}/headers`);
    expect(arrived('authorization')).toEqual(['Own', 'Hook']);
    expect(traceOf(response).hops[0]?.secrets[1]?.verdict.reasons[0]?.sentence).toBe(
      'authorization was already given by a hook, which comes first.',
    );
  });

  it('as a Cookie is a literal cookie of the first origin', async () => {
    const client = hooked({ request: [({ headers }) => headers.set('cookie', 'own=1')] });
    client.jar.set('sid=2', a);
    await client.fetch(through(a, b));
    expect(arrived('cookie')).toEqual(['sid=2; own=1', undefined]);
  });
});

describe('a response hook', () => {
  it('S29 may return another answer, which speaks for the chain; the trace keeps what came', async () => {
    const client = hooked({
      response: [
        (response) => (response.status === 404 ? Response.json({ found: false }) : undefined),
        (response) => void seen.push(response.status),
      ],
    });
    const seen: number[] = [];
    const response = await client.fetch(`${a}/redirect-to?url=/nowhere`);
    expect(await response.json()).toEqual({ found: false });
    expect([response.status, response.url, response.redirected]).toEqual([200, `${a}/nowhere`, true]);
    expect(traceOf(response).hops.map(({ status }) => status)).toEqual([302, 404]);
    expect(seen).toEqual([302, 200]);
  });

  it('may stop a redirect by its answer, and one that reads the body harms nothing', async () => {
    const client = hooked({
      response: [
        async (response) => (response.status === 302 ? new Response(await response.text()) : undefined),
      ],
    });
    const response = await client.fetch(through(a, b));
    expect([response.status, lab.log.length]).toEqual([200, 1]);
    const reading = hooked({ response: [async (response) => void (await response.text())] });
    expect((await reading.fetch(through(a, b))).bodyUsed).toBe(true);
  });

  it('sees the URL without the secrets of its query', async () => {
    const { apiKey } = await import('../index.ts');
    const urls: string[] = [];
    const hooks: Hooks = { response: [({ url }) => void urls.push(url)] };
    const credentials = apiKey('key', 'hp-secret-key', { for: a, in: 'query' });
    await hooked(hooks, { credentials }).fetch(`${a}/headers?x=1`);
    expect(urls).toEqual([`${a}/headers?x=1`]);
    expect(lab.log[0]?.path).toContain('hp-secret-key');
  });

  it('that returns something else is a TypeError', async () => {
    const hooks = { response: [() => 'text'] } as unknown as Hooks;
    await expect(hooked(hooks).fetch(`${a}/headers`)).rejects.toThrow('returns a Response');
  });

  it('S31 changes nothing on the wire by writing into the answer', async () => {
    const transport = async ({ url, headers }: TransportRequest) =>
      url.endsWith('/next')
        ? Response.json([...headers])
        : new Response(null, { status: 302, headers: { location: '/next' } });
    const hooks: Hooks = { response: [(response) => response.headers.set('authorization', 'Bearer x')] };
    const response = await hooked(hooks, { transport }).fetch(a);
    expect(JSON.stringify(await response.json())).not.toContain('Bearer');
  });
});
