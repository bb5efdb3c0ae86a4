import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { failure } from '../../tools/test/failure.ts';
import { useLab } from '../../tools/test/lab.ts';
import { bearer, type CallInit, createClient, traceOf } from './index.ts';
import { undiciTransport } from './undici/index.ts';

let a: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, b } = origins);
});

describe('client.fetch', () => {
  it('is bound and shaped like fetch', async () => {
    const { fetch } = createClient();
    expectTypeOf(fetch).toExtend<typeof globalThis.fetch>();
    for (const input of [`${a}/headers`, new URL(`${a}/headers`), new Request(`${a}/headers`)]) {
      const response = await fetch(input);
      expect(response).toBeInstanceOf(Response);
      expect([response.status, response.url, response.redirected]).toEqual([200, `${a}/headers`, false]);
    }
  });

  it('takes method, headers and body of a Request, and init over them', async () => {
    const request = new Request(`${a}/echo`, {
      method: 'PUT',
      body: 'one',
      headers: { 'x-a': '1', 'x-b': '2' },
    });
    const first = await (await createClient().fetch(request.clone())).json();
    expect(first).toMatchObject({ method: 'PUT', body: 'one', headers: { 'x-a': '1', 'x-b': '2' } });
    const init = { method: 'PATCH', body: 'two', headers: { 'x-b': '3' } };
    const second = await (await createClient().fetch(request, init)).json();
    expect(second).toMatchObject({ method: 'PATCH', body: 'two', headers: { 'x-b': '3' } });
    expect(second.headers).not.toHaveProperty('x-a');
  });

  it.each<[string, BodyInit, string, string]>([
    ['a string', 'text', 'text', 'text/plain;charset=UTF-8'],
    ['bytes', new TextEncoder().encode('text'), 'text', ''],
    ['a form', new URLSearchParams({ a: 'b c' }), 'a=b+c', 'application/x-www-form-urlencoded;charset=UTF-8'],
    ['a Blob', new Blob(['text'], { type: 'text/x' }), 'text', 'text/x'],
  ])('sends %s as fetch does, also a second time', async (_, body, expected, type) => {
    const url = `${a}/redirect-to?status_code=307&url=/echo`;
    const arrived = await (await createClient().post(url, { body })).json();
    expect([arrived.body, arrived.headers['content-type'] ?? '']).toEqual([expected, type]);
  });

  it('leaves a FormData its own boundary at each hop', async () => {
    const body = new FormData();
    body.set('field', 'value');
    const arrived = await (
      await createClient().post(`${a}/redirect-to?status_code=307&url=/echo`, { body })
    ).json();
    const [, boundary] = /boundary=(.+)$/.exec(arrived.headers['content-type']) ?? [];
    expect(arrived.body).toContain(boundary);
  });

  it('speaks for the whole chain: url and redirected', async () => {
    const response = await createClient().fetch(`${a}/redirect-to?url=${b}/headers`);
    expect([response.url, response.redirected, response.ok, response.type]).toEqual([
      `${b}/headers`,
      true,
      true,
      'basic',
    ]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await new Response(response.body, response).json()).toHaveProperty('headers');
  });

  it.each<[string, string | URL, CallInit]>([
    ['a relative URL without baseUrl', '/x', {}],
    ['another scheme', 'ftp://host/', {}],
    ['TRACE', 'http://host/', { method: 'TRACE' }],
    ['connect', 'http://host/', { method: 'connect' }],
    ['no method', 'http://host/', { method: 'GE T' }],
    ['a GET with a body', 'http://host/', { body: 'x' }],
    ['two bodies', 'http://host/', { method: 'POST', body: 'x', json: {} }],
    ['a header that is none', 'http://host/', { headers: { 'x-a': 'hp-secret-\0' } }],
  ])('%s is a TypeError that repeats no value', async (_, input, init) => {
    const error = await failure(createClient().fetch(input, init));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('hp-secret-');
  });

  it('writes methods as fetch does', async () => {
    for (const method of ['post', 'Delete', 'PROPFIND']) await createClient().fetch(`${a}/echo`, { method });
    expect(lab.log.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'PROPFIND']);
  });
});

describe('init', () => {
  it('json is sent with its type, unless the caller names another', async () => {
    const client = createClient();
    expect(await (await client.post(`${a}/echo`, { json: { x: [1] } })).json()).toMatchObject({
      body: '{"x":[1]}',
      headers: { 'content-type': 'application/json' },
    });
    const headers = { 'content-type': 'application/ld+json' };
    const arrived = await (await client.put(`${a}/echo`, { json: null, headers })).json();
    expect(arrived).toMatchObject({ body: 'null', headers });
  });

  it('query is appended', async () => {
    const client = createClient();
    await client.get(`${a}/headers?x=1#f`, { query: { y: 'a b', n: 2, no: undefined, z: ['1', true] } });
    await client.get(`${a}/headers`, { query: new URLSearchParams('q=%26') });
    expect(lab.log.map(({ path }) => path)).toEqual(['/headers?x=1&y=a+b&n=2&z=1&z=true', '/headers?q=%26']);
  });
});

describe('options', () => {
  it('baseUrl is what relative URLs are relative to', async () => {
    const client = createClient({ baseUrl: `${a}/v1/` });
    await client.get('users');
    await client.get('/root');
    expect(lab.log.map(({ path }) => path)).toEqual(['/v1/users', '/root']);
    expect(() => createClient({ baseUrl: `${a}/v1` })).toThrow(/ends in a slash.*\/v1\/\./);
    expect(() => createClient({ baseUrl: '/v1/' })).toThrow(TypeError);
    expect(() => createClient({ baseUrl: 'ftp://host/' })).toThrow(TypeError);
  });

  it('with() merges headers and replaces the rest', async () => {
    const client = createClient({ baseUrl: `${a}/`, headers: { 'x-a': '1', 'x-b': '2' } });
    await client.with({ headers: { 'X-B': '3', 'x-c': '4' } }).get('headers');
    expect(lab.log[0]?.headers).toMatchObject({ 'x-a': '1', 'x-b': '3', 'x-c': '4' });
  });

  it('with() moves no secret: what the client knew stays where it belonged', async () => {
    const client = createClient({
      baseUrl: `${a}/`,
      headers: { 'x-api-key': 'hp-secret-key', cookie: 'sid=hp-secret-sid', 'accept-language': 'en' },
      credentials: bearer('hp-secret-token'),
    });
    const other = client.with({ baseUrl: `${b}/`, headers: { 'x-tenant': 'acme' } }).with({ timeout: '5s' });
    await other.get('headers');
    await other.get(`${a}/headers`);
    expect(lab.log[0]?.headers).toMatchObject({ 'x-tenant': 'acme', 'accept-language': 'en' });
    expect(JSON.stringify(lab.log[0]?.headers)).not.toContain('hp-secret');
    expect(lab.log[1]?.headers).toMatchObject({
      'x-api-key': 'hp-secret-key',
      cookie: 'sid=hp-secret-sid',
      authorization: 'Bearer hp-secret-token',
    });
    expect(lab.log[1]?.headers).not.toHaveProperty('x-tenant');
  });

  it('with() other credentials or headers, they belong to the new baseUrl', async () => {
    const client = createClient({
      baseUrl: `${a}/`,
      headers: { 'x-api-key': 'old' },
      credentials: bearer('old'),
    });
    const other = client.with({
      baseUrl: `${b}/`,
      headers: { 'X-Api-Key': 'new' },
      credentials: bearer('new'),
    });
    await other.get('headers');
    await other.get(`${a}/headers`);
    expect(lab.log[0]?.headers).toMatchObject({ 'x-api-key': 'new', authorization: 'Bearer new' });
    expect(lab.log[1]?.headers).not.toHaveProperty('x-api-key');
    expect(lab.log[1]?.headers).not.toHaveProperty('authorization');
  });

  it('with() a shorter list of travelling headers, those that left it stay at their origin', async () => {
    const redirect = { crossOriginHeaders: ['x-tenant'] };
    const client = createClient({ baseUrl: `${a}/`, headers: { 'x-tenant': 'acme' }, redirect });
    await client.get(`${b}/headers`);
    await client.with({ baseUrl: `${b}/`, redirect: {} }).get('headers');
    expect(lab.log.map(({ headers }) => headers['x-tenant'])).toEqual(['acme', undefined]);
  });

  it('a page as initiator withholds SameSite cookies from other sites', async () => {
    const client = createClient({ initiator: { page: 'http://other.test/' } });
    client.jar.set('sid=1; SameSite=Lax', a);
    const response = await client.fetch(`${a}/headers`);
    expect(lab.log[0]?.headers).not.toHaveProperty('cookie');
    expect(traceOf(response).hops[0]?.secrets[0]?.verdict.reasons[0]?.code).toBe('same-site-lax');
  });
});

describe('a verb answers with a promise of the response that', () => {
  it('is one of fetch for who awaits it', async () => {
    const response = await createClient().get(`${a}/headers`);
    expectTypeOf(response).toEqualTypeOf<Response>();
    expect([response instanceof Response, response.status]).toEqual([true, 200]);
    expect(await response.json()).toMatchObject({ headers: { accept: '*/*' } });
    const call = createClient().get(`${a}/headers`);
    expect(call).toBeInstanceOf(Promise);
    expect((await call.finally(() => {})).status).toBe(200);
  });

  it('gives the JSON of a 2xx and asks for it', async () => {
    const value = await createClient().get(`${a}/headers`).json();
    expect(value).toMatchObject({ headers: { accept: 'application/json' } });
    expectTypeOf(value).toBeUnknown();
    expect(
      await createClient()
        .post(`${a}/echo`, { json: { x: 1 } })
        .json(),
    ).toMatchObject({
      method: 'POST',
      body: '{"x":1}',
    });
  });

  it("asks for JSON in no words but the caller's, when there are some", async () => {
    const asked = (headers: unknown) => ({ headers: { accept: headers } });
    const headers = { accept: 'text/x' };
    const client = createClient({ headers });
    expect(await client.get(`${a}/headers`).json()).toMatchObject(asked('text/x'));
    expect(await createClient().get(`${a}/headers`, { headers }).json()).toMatchObject(asked('text/x'));
    const request = new Request(`${a}/headers`, { headers });
    expect(await createClient().get(request).json()).toMatchObject(asked('text/x'));
    const late = createClient().get(`${a}/headers`);
    await late;
    expect(await late.json()).toMatchObject(asked('*/*'));
  });

  it('asks for JSON also when the body of a Request is read first', async () => {
    const request = new Request(`${a}/echo`, { method: 'POST', body: 'text' });
    expect(await createClient().post(request).json()).toMatchObject({
      body: 'text',
      headers: { accept: 'application/json' },
    });
  });

  it('checks it with a schema, which types it', async () => {
    const schema = z.object({ headers: z.object({ host: z.string() }) });
    const { headers } = await createClient().get(`${a}/headers`).json(schema);
    expectTypeOf(headers.host).toBeString();
    expect(headers.host).toBe(new URL(a).host);
    const call = createClient()
      .get(`${a}/headers`)
      .json(z.object({ headers: z.number() }));
    const error = await failure(call);
    expect(error).toMatchObject({
      name: 'InvalidBodyError',
      code: 'invalid-body',
      issues: [{ path: 'headers' }],
    });
    expect(error.trace.hops).toHaveLength(1);
  });

  it('takes what no library of schemas has made for misuse', async () => {
    for (const schema of [{}, null, z.object({}).parse]) {
      const call = createClient()
        .get(`${a}/headers`)
        .json(schema as never);
      await expect(call).rejects.toThrow(
        new TypeError('json takes a schema of Standard Schema, as zod and valibot make them, or nothing.'),
      );
    }
  });

  it('rejects where the body is asked for, and leaves no rejection of the call behind', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', listen);
    const transport = async () => Promise.reject(new Error('down'));
    const error = await failure(createClient({ transport }).get(a).json());
    await new Promise(setImmediate);
    process.off('unhandledRejection', listen);
    expect([error.code, unhandled]).toEqual(['network', []]);
  });

  it('reads a body once, as fetch does: after the response was awaited too', async () => {
    const call = createClient().get(`${a}/headers`);
    expect((await call).status).toBe(200);
    expect(await call.json()).toHaveProperty('headers');
    await expect(call.json()).rejects.toThrow(TypeError);
  });

  it('gives the text or the octets of a 2xx', async () => {
    const client = createClient();
    const sent = { body: 'text' };
    expect(await client.post(`${a}/echo`, sent).text()).toContain('"body":"text"');
    const octets = await client.post(`${a}/echo`, sent).bytes();
    expect(octets).toBeInstanceOf(Uint8Array);
    expect(JSON.parse(new TextDecoder().decode(octets))).toMatchObject({ body: 'text' });
  });

  it('names status, URL, Content-Type and redirects of an empty body', async () => {
    const error = await failure(createClient().get(`${a}/redirect-to?url=/empty`).json());
    expect(error).toMatchObject({ name: 'EmptyBodyError', code: 'empty-body' });
    expect(error.message).toContain(`200 of ${a}/empty (application/json, 1 redirect)`);
    expect(error.trace.hops).toHaveLength(2);
  });

  it.each(['json', 'text', 'bytes'] as const)('gives the answer along when it is not 2xx: %s', async (as) => {
    const error = await failure(createClient().get(`${a}/need`)[as]());
    expect(error).toMatchObject({ name: 'HttpStatusError', code: 'http-status', status: 401 });
    expect(await error.response.json()).toEqual({ authenticated: false });
  });

  it('says that a body is not JSON without repeating it', async () => {
    const transport = async () => new Response('hp-secret-<html>');
    const error = await failure(createClient({ transport }).get(a).json());
    expect(error).toMatchObject({ code: 'invalid-body', issues: [] });
    expect(error.message).not.toContain('hp-secret-');
  });

  it('leaves no unhandled rejection when only the body is awaited', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const failing = createClient({ transport: () => Promise.reject(new Error('down')) });
    expect(await failure(failing.get(a).json())).toMatchObject({ code: 'network' });
    expect(await failure(createClient().get('/relative').json())).toBeInstanceOf(TypeError);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('is rejected when the client is disposed right after the call: nothing is sent', async () => {
    const client = createClient();
    const call = client.get(`${a}/headers`);
    const [error] = await Promise.all([failure(call), client[Symbol.asyncDispose]()]);
    expect([error.name, lab.log.length]).toEqual(['AbortError', 0]);
  });
});

describe('a body is what it was when it was given', () => {
  const clients = {
    fetch: () => createClient(),
    'fetch, with a credential to wait for': () =>
      createClient({ credentials: bearer(async () => 'token', { for: a }) }),
    undici: () => createClient({ transport: undiciTransport() }),
  };
  const octets = () => new TextEncoder().encode('text');
  const wipe = (body: Uint8Array) => void body.fill(0x30);

  describe.each(Object.keys(clients) as (keyof typeof clients)[])('over %s', (name) => {
    it.each<[string, () => [body: BodyInit, change: () => void], string]>([
      [
        'bytes',
        () => {
          const body = octets();
          return [body, () => wipe(body)];
        },
        'text',
      ],
      [
        'a buffer',
        () => {
          const { buffer } = octets();
          return [buffer, () => wipe(new Uint8Array(buffer))];
        },
        'text',
      ],
      [
        'a view',
        () => {
          const { buffer } = octets();
          return [new DataView(buffer, 1, 2), () => wipe(new Uint8Array(buffer))];
        },
        'ex',
      ],
      [
        'a query',
        () => {
          const body = new URLSearchParams('a=1');
          return [body, () => body.set('a', '2')];
        },
        'a=1',
      ],
      [
        'a form',
        () => {
          const body = new FormData();
          body.set('a', 'one');
          return [body, () => body.set('a', 'two')];
        },
        'one',
      ],
    ])('%s', async (_, make, expected) => {
      const client = clients[name]();
      const [body, change] = make();
      const [other, changeOther] = make();
      const calls = [
        client.post(`${a}/echo`, { body }),
        client.fetch(`${a}/echo`, { method: 'POST', body: other }),
      ];
      change();
      changeOther();
      for (const call of calls) expect((await (await call).json()).body).toContain(expected);
    });
  });
});

it('works over any kind of Response, of a transport of one’s own', async () => {
  class OwnResponse extends Response {
    override async text() {
      return `own ${await super.text()}`;
    }
  }
  const transport = async () => new OwnResponse('text');
  const response = await createClient({ transport }).fetch(`${a}/x`);
  expect(response).toBeInstanceOf(OwnResponse);
  expect([response.url, await response.text()]).toEqual([`${a}/x`, 'own text']);
});
