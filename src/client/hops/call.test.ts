import { testClock } from 'hallpass/testing';
import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import {
  type ClientOptions,
  createClient,
  RedirectError,
  type TraceHop,
  type TransportRequest,
  traceOf,
} from '../index.ts';

let a: string;
let a2: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, a2, b } = origins);
});

const redirect = (status: number, target: string, origin = a) =>
  `${origin}/redirect-to?status_code=${status}&url=${encodeURIComponent(target)}`;
const fails = (url: string | Request, options: ClientOptions = {}, init: RequestInit = {}) =>
  createClient(options)
    .fetch(url, init)
    .then(
      () => expect.unreachable('the call did not fail'),
      (error: RedirectError) => error,
    );
const stream = () => new Blob(['text']).stream();

describe('S16 S44 the limit is exact', () => {
  it.each([0, 1, 5, 20])('max %d allows as many redirects, so one request more', async (max) => {
    const options = { redirect: { maxRedirects: max } };
    const response = await createClient(options).fetch(`${a}/chain?n=${max}`);
    expect(response.status).toBe(200);
    expect(lab.log).toHaveLength(max + 1);
    lab.log.length = 0;
    const error = await fails(`${a}/chain?n=${max + 1}`, options);
    expect(error).toMatchObject({ name: 'RedirectError', code: 'too-many-redirects' });
    expect(lab.log).toHaveLength(max + 1);
    expect(error.trace.hops).toHaveLength(max + 1);
  });

  it('is 20 by default', async () => {
    expect((await createClient().fetch(`${a}/chain?n=20`)).status).toBe(200);
    expect((await fails(`${a}/chain?n=21`)).code).toBe('too-many-redirects');
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no limit', (max) => {
    expect(() => createClient({ redirect: { maxRedirects: max } })).toThrow(TypeError);
  });
});

describe('a loop', () => {
  it('is followed to the limit', async () => {
    expect((await fails(`${a}/loop`)).code).toBe('redirect-loop');
    expect(lab.log).toHaveLength(21);
  });

  it('is none when a cookie came on the way', async () => {
    const transport = async ({ headers }: TransportRequest) =>
      headers.get('cookie') === 'seen=1'
        ? new Response('welcome')
        : new Response(null, { status: 302, headers: { location: '/', 'set-cookie': 'seen=1' } });
    const response = await createClient({ transport }).fetch(`${a}/`);
    expect(await response.text()).toBe('welcome');
    expect((await fails(`${a}/`, { transport, jar: false })).code).toBe('redirect-loop');
  });

  it('is none for a POST that ends in a GET of its own URL', async () => {
    const url = `${a}/set-cookie?sid=1&status_code=303&url=`;
    const response = await createClient().post(`${url}/cookies`);
    expect(await response.json()).toEqual({ cookies: { sid: '1' } });
  });
});

describe('S36 S37 method and body over real sockets', () => {
  it.each<[number, string, string, string]>([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'text'],
    [308, 'PUT', 'PUT', 'text'],
    [301, 'PUT', 'PUT', 'text'],
    [302, 'DELETE', 'DELETE', 'text'],
  ])('%d after %s: %s with body %j, and Content-* only with the body', async (status, method, next, body) => {
    const init = {
      method,
      body: 'text',
      headers: { 'content-type': 'text/x-own', 'content-language': 'de' },
    };
    const response = await createClient().fetch(redirect(status, '/echo'), init);
    const arrived = (await response.json()) as {
      method: string;
      body: string;
      headers: Record<string, string>;
    };
    expect([arrived.method, arrived.body]).toEqual([next, body]);
    expect(arrived.headers['content-type']).toBe(body === '' ? undefined : 'text/x-own');
    expect(arrived.headers['content-language']).toBe(body === '' ? undefined : 'de');
    const [, second] = traceOf(response).hops as [TraceHop, TraceHop];
    expect(second.method).toBe(next);
    expect(second.rewrites.map(({ code }) => code)).toEqual(
      method === next ? [] : [status === 303 ? 'see-other-becomes-get' : 'post-becomes-get'],
    );
  });

  it('303 after HEAD stays HEAD', async () => {
    await createClient().head(redirect(303, '/headers'));
    expect(lab.log.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  it('X3 a 307 across origins is the answer, and the trace says why', async () => {
    const response = await createClient().post(redirect(307, `${b}/echo`), { body: 'hp-secret-body' });
    expect(response.status).toBe(307);
    expect(lab.log).toHaveLength(1);
    expect(traceOf(response).hops[0]?.stopped?.code).toBe('body-crosses-origin');
  });

  it('X3 with crossOriginBody the body crosses origins, and its Content-Type with it', async () => {
    const client = createClient({ redirect: { crossOriginBody: true } });
    const response = await client.post(redirect(307, `${b}/echo`), { json: { x: 1 } });
    expect(await response.json()).toMatchObject({
      method: 'POST',
      body: '{"x":1}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('X4 a stream is never sent twice, nor sent empty: one-shot-body', async () => {
    const error = await fails(redirect(307, '/echo'), {}, { method: 'POST', body: stream() });
    expect(error.code).toBe('one-shot-body');
    expect(lab.log).toHaveLength(1);
  });

  it('X4 a stream that stays behind does no harm', async () => {
    const init = { method: 'POST', body: stream() };
    const response = await createClient().fetch(redirect(302, '/echo'), init);
    expect(await response.json()).toMatchObject({ method: 'GET', body: '' });
  });

  it("a Request's body is kept so that it can be sent again", async () => {
    const request = new Request(redirect(307, '/echo'), { method: 'POST', body: 'text' });
    const response = await createClient().fetch(request);
    expect(await response.json()).toMatchObject({ method: 'POST', body: 'text' });
  });

  it("a Request's body over 1 MiB is sent whole, once", async () => {
    const body = 'x'.repeat(3 << 20);
    const response = await createClient().fetch(new Request(`${a}/echo`, { method: 'POST', body }));
    expect(((await response.json()) as { body: string }).body).toBe(body);
    const error = await fails(new Request(redirect(308, '/echo'), { method: 'POST', body }));
    expect(error.code).toBe('one-shot-body');
  });
});

it('Content-* headers without a body stay on the first origin', async () => {
  const init = { headers: { 'content-type': 'text/x-own' } };
  await createClient().fetch(redirect(302, redirect(302, `${b}/headers`)), init);
  expect(lab.log.map(({ headers }) => headers['content-type'])).toEqual([
    'text/x-own',
    'text/x-own',
    undefined,
  ]);
});

describe('S38 redirect.follow', () => {
  it('is asked before anything is sent, with plain facts', async () => {
    const asked: unknown[] = [];
    const url = redirect(307, redirect(302, `${b}/headers`, a2));
    const error = await fails(url, { redirect: { follow: (next) => asked.push(next) < 2 } });
    expect(error).toMatchObject({ code: 'redirect-refused' });
    expect(error.message).toContain(`${b}/headers`);
    expect(asked).toEqual([
      { url: redirect(302, `${b}/headers`, a2), method: 'GET', index: 1, from: url, status: 307 },
      { url: `${b}/headers`, method: 'GET', index: 2, from: redirect(302, `${b}/headers`, a2), status: 302 },
    ]);
    expect(asked.every(Object.isFrozen)).toBe(true);
    expect(lab.log.map(({ origin }) => origin)).toEqual([a, a2]);
  });

  it('may answer later', async () => {
    const client = createClient({ redirect: { follow: async () => true } });
    expect((await client.fetch(redirect(302, '/headers'))).status).toBe(200);
  });
});

describe('init.redirect means what it means in fetch', () => {
  it("S50 'manual' gives the redirect itself", async () => {
    const response = await createClient().fetch(redirect(302, '/headers'), { redirect: 'manual' });
    expect([response.status, response.headers.get('location'), response.redirected]).toEqual([
      302,
      '/headers',
      false,
    ]);
    expect((await createClient({ redirect: 'manual' }).fetch(redirect(302, '/x'))).status).toBe(302);
  });

  it("'error' fails", async () => {
    expect((await fails(redirect(302, '/headers'), {}, { redirect: 'error' })).code).toBe('redirect-refused');
    expect(lab.log).toHaveLength(1);
  });

  it('of a Request counts too', async () => {
    const response = await createClient().fetch(new Request(redirect(302, '/x'), { redirect: 'manual' }));
    expect(response.status).toBe(302);
  });
});

describe('Location over real sockets', () => {
  it('S18 empty and missing ones are answers', async () => {
    expect((await createClient().fetch(redirect(302, ''))).status).toBe(302);
    expect((await createClient().fetch(`${a}/redirect-to`)).status).toBe(302);
  });

  it('raw UTF-8 arrives as UTF-8', async () => {
    await createClient().fetch(redirect(302, '/日本'));
    expect(lab.log.at(-1)?.path).toBe('/%E6%97%A5%E6%9C%AC');
  });

  it.each(['ftp://x/', 'javascript:alert(1)', 'data:,x', 'http://[bad/'])(
    '%s is bad-location',
    async (target) => {
      const error = await fails(redirect(302, target));
      expect(error).toBeInstanceOf(RedirectError);
      expect(error.code).toBe('bad-location');
      expect(lab.log).toHaveLength(1);
    },
  );

  it('two different ones are an error', async () => {
    const error = await fails(`${a}/redirect-to?url=${b}/x&url=${a}/y`);
    expect(error.code).toBe('bad-location');
  });

  it('X2 a user in it is dropped, and the trace says so', async () => {
    const target = `${b.replace('//', '//user:hp-secret-pw@')}/headers`;
    const response = await createClient().fetch(redirect(302, target));
    expect(lab.log.at(-1)?.headers).not.toHaveProperty('authorization');
    const { hops } = traceOf(response);
    expect(hops[0]?.location).toBe(`${b}/headers`);
    expect(hops[1]?.rewrites.map(({ code }) => code)).toEqual(['location-user-dropped']);
  });

  it('carries the fragment through the chain, but not onto the wire or into response.url', async () => {
    const response = await createClient().fetch(`${redirect(302, '/headers')}#part`);
    expect(lab.log.at(-1)?.path).toBe('/headers');
    expect(response.url).toBe(`${a}/headers`);
    expect(traceOf(response).hops[1]?.url).toBe(`${a}/headers#part`);
  });
});

describe('a transport that does not show redirects', () => {
  it('by hiding them gets opaque-redirect', async () => {
    const transport = async () =>
      Object.defineProperty(Response.json({}), 'type', { value: 'opaqueredirect' });
    expect((await fails(`${a}/x`, { transport })).code).toBe('opaque-redirect');
  });

  it('by following them gets transport-followed', async () => {
    const transport = ({ url }: { url: string }) => fetch(url);
    expect((await fails(redirect(302, '/headers'), { transport })).code).toBe('transport-followed');
  });
});

describe('the body of a redirect', () => {
  const octets = (size: number) => new Uint8Array(size);
  const follow = async (source: UnderlyingDefaultSource<Uint8Array>, clock = testClock(0)) => {
    let answered = false;
    const transport = async () => {
      if (answered) return new Response('arrived');
      answered = true;
      return new Response(new ReadableStream(source), { status: 302, headers: { location: '/next' } });
    };
    return (await createClient({ transport, clock }).fetch(a)).text();
  };

  it('is read to its end, so that its connection can serve the next hop', async () => {
    let left = 3;
    const pull = (controller: ReadableStreamDefaultController) =>
      left-- > 0 ? controller.enqueue(octets(9)) : controller.close();
    expect(await follow({ pull })).toBe('arrived');
    expect(left).toBe(-1);
  });

  it('is given up when it is long', async () => {
    let cancelled = false;
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(octets(10_000));
    const cancel = () => {
      cancelled = true;
    };
    expect(await follow({ pull, cancel })).toBe('arrived');
    expect(cancelled).toBe(true);
  });

  it('is given up when it does not end', async () => {
    const clock = testClock(0);
    const pull = () => {
      setImmediate(() => clock.advance('1s'));
      return new Promise<void>(() => {});
    };
    expect(await follow({ pull }, clock)).toBe('arrived');
  });

  it('may break off: it says nothing that the call needs', async () => {
    const pull = (controller: ReadableStreamDefaultController) => controller.error(new Error('reset'));
    expect(await follow({ pull })).toBe('arrived');
  });
});
