import { describe, expect, expectTypeOf, it } from 'vitest';
import { failure } from '../../tools/test/failure.ts';
import { useLab } from '../../tools/test/lab.ts';
import { bearer, type CallInit, createClient, traceOf } from './index.ts';

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

  it('a verb refuses options that ask for another method', async () => {
    await expect(createClient().get(`${a}/echo`, { method: 'POST' })).rejects.toThrow(
      'client.get() sends GET, and its options ask for another method: leave method out, or call client.fetch().',
    );
    expect((await createClient().post(`${a}/echo`, { method: 'post' })).ok).toBe(true);
    expect(lab.log.map(({ method }) => method)).toEqual(['POST']);
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

  it('query is all that URLSearchParams takes, and what it would drop is a TypeError', async () => {
    const client = createClient();
    const form = new FormData();
    form.append('q', '3');
    for (const query of ['?q=0', [['q', '1']] as [string, string][], new Map([['q', 2]]), form as never])
      await client.get(`${a}/headers`, { query });
    expect(lab.log.map(({ path }) => path)).toEqual([0, 1, 2, 3].map((n) => `/headers?q=${n}`));
    const file = new FormData();
    file.append('q', new Blob(['x']));
    for (const query of [3, () => {}, new Date(), new Set(['ab']), { q: {} }, { q: [[1]] }, file])
      await expect(client.get(`${a}/headers`, { query: query as never })).rejects.toThrow(
        /^query.* of a call is /,
      );
  });

  it.each<[unknown]>([[{ n: 1n }], [1n], [() => {}], [Symbol('x')]])(
    'json that JSON cannot hold is a TypeError: %o',
    async (json) => {
      await expect(createClient().post(`${a}/echo`, { json })).rejects.toThrow(/^json of a call /);
    },
  );

  it.each<[unknown]>([[new Date()], [new Set(['ab'])], ['x: y'], [3]])(
    'headers that would be dropped are a TypeError: %o',
    async (headers) => {
      await expect(createClient().get(`${a}/headers`, { headers: headers as HeadersInit })).rejects.toThrow(
        /^headers of a call is /,
      );
    },
  );
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
