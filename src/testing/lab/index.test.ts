import { once } from 'node:events';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from './index.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

const get = (path: string, init?: RequestInit) =>
  fetch(`${lab.origins.a}${path}`, { redirect: 'manual', ...init });

describe('the origins', () => {
  it('are two ports of one host, another host, a name, and TLS, all of this machine', () => {
    const { a, a2, b, localhost, tls } = lab.origins;
    expect(new URL(a2).hostname).toBe(new URL(a).hostname);
    expect(new URL(a2).port).not.toBe(new URL(a).port);
    expect(new URL(b).hostname).not.toBe(new URL(a).hostname);
    expect(new URL(localhost).hostname).toBe('localhost');
    expect(new URL(tls).protocol).toBe('https:');
    expect(new URL(tls).hostname).toBe(new URL(a).hostname);
    for (const origin of Object.values(lab.origins)) expect(new URL(origin).origin).toBe(origin);
  });

  it('answer, each of them', async () => {
    for (const origin of [lab.origins.a, lab.origins.a2, lab.origins.b, lab.origins.localhost]) {
      const echoed = (await (await fetch(`${origin}/headers`)).json()) as { headers: { host: string } };
      expect(echoed.headers.host).toBe(new URL(origin).host);
    }
  });

  it('take the ports that were asked for', async () => {
    const portBase = 20_000 + (process.pid % 2_000) * 5;
    await using fixed = await startLab({ portBase });
    const ports = Object.values(fixed.origins).map((origin) => Number(new URL(origin).port) - portBase);
    expect(ports).toEqual([0, 1, 2, 3, 4]);
    await expect(startLab({ portBase })).rejects.toThrow(/EADDRINUSE/);
  });

  it.each([0, -1, 1.5, 65_532, Number.NaN])('cannot begin at port %s', async (portBase) => {
    await expect(startLab({ portBase })).rejects.toThrow(TypeError);
  });

  it('are gone after close, connections in use included', async () => {
    const short = await startLab();
    const hanging = fetch(`${short.origins.a}/hang?s=60`);
    const failed = expect(hanging).rejects.toThrow();
    while (short.log.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await short.close();
    await failed;
    await expect(fetch(`${short.origins.a}/headers`)).rejects.toThrow();
    await expect(short.close()).resolves.toBeUndefined();
  });
});

describe('TLS', () => {
  const reach = (ca?: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      secureRequest(`${lab.origins.tls}/headers`, { ca }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('is believed by whoever trusts lab.ca, and by nobody else', async () => {
    await expect(reach(lab.ca)).resolves.toBe(200);
    await expect(reach()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await using other = await startLab();
    await expect(reach(other.ca)).rejects.toThrow();
  });

  it('is reached by lab.transport, which sends what it was given and follows nothing', async () => {
    const { signal } = new AbortController();
    const send = (path: string, headers = new Headers(), method = 'GET', body?: string) =>
      lab.transport({ url: `${lab.origins.tls}${path}`, method, headers, body, signal });
    const echoed = await send('/echo?x=1', new Headers({ 'x-one': '1' }), 'POST', 'naïve');
    expect(await echoed.json()).toMatchObject({
      method: 'POST',
      path: '/echo?x=1',
      headers: { 'x-one': '1', 'content-length': '6' },
      body: 'naïve',
    });
    const redirected = await send(`/set-cookie?one=1&two=2&url=${lab.origins.a}/headers`);
    expect(redirected.status).toBe(302);
    expect(redirected.headers.get('location')).toBe(`${lab.origins.a}/headers`);
    expect(redirected.headers.getSetCookie()).toEqual(['one=1', 'two=2']);
  });

  it('lab.transport reaches plain origins too, and obeys the signal before and after the answer began', async () => {
    const send = (path: string, signal: AbortSignal) =>
      lab.transport({ url: `${lab.origins.b}${path}`, method: 'GET', headers: new Headers(), signal });
    await expect(send('/hang', AbortSignal.timeout(50))).rejects.toThrow();

    const stop = new AbortController();
    const dripping = await send('/drip?s=60', stop.signal);
    stop.abort();
    await expect(dripping.text()).rejects.toThrow();
  });
});

describe('the routes', () => {
  it('S12 /redirect-to sends the Location as it came, with the status asked for', async () => {
    const plain = await get('/redirect-to?url=/headers');
    expect([plain.status, plain.headers.get('location')]).toEqual([302, '/headers']);
    const strange = await get('/redirect-to?status_code=308&url=%5C%5Cevil.test/x');
    expect([strange.status, strange.headers.get('location')]).toEqual([308, '\\\\evil.test/x']);
    expect((await get('/redirect-to')).headers.get('location')).toBeNull();
    expect((await get('/redirect-to?url=')).headers.get('location')).toBe('');
    expect((await get('/redirect-to?url=/x&url=/y')).headers.get('location')).toBe('/x, /y');
  });

  it('/redirect-to sends non-ASCII text as raw UTF-8', async () => {
    const response = await get(`/redirect-to?url=${encodeURIComponent('/日本')}`);
    expect(Buffer.from(response.headers.get('location') ?? '', 'latin1').toString('utf8')).toBe('/日本');
  });

  it('S12 /headers echoes the headers that came', async () => {
    const response = await get('/headers', { headers: { authorization: 'Bearer T', 'X-Api-Key': 'K' } });
    const { headers } = (await response.json()) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ authorization: 'Bearer T', 'x-api-key': 'K' });
  });

  it('/need asks for a bearer token', async () => {
    const without = await get('/need');
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="lab"']);
    expect((await get('/need', { headers: { authorization: 'Basic QTpC' } })).status).toBe(401);
    expect((await get('/need', { headers: { authorization: 'Bearer T' } })).status).toBe(200);
  });

  it('/chain redirects n times, /loop for ever', async () => {
    const response = await get('/chain?n=3', { redirect: 'follow' });
    expect([response.status, response.url]).toEqual([200, `${lab.origins.a}/chain?n=0`]);
    await expect(get('/loop', { redirect: 'follow' })).rejects.toThrow();
  });

  it('/hang says nothing before its time, /drip sends its headers at once', async () => {
    await expect(get('/hang?s=60', { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect((await get('/hang?s=0.01')).status).toBe(200);
    const dripping = await get('/drip?s=0.2');
    expect(dripping.status).toBe(200);
    expect(await dripping.text()).toBe('..');
  });

  it('/empty is JSON without any', async () => {
    const response = await get('/empty');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('');
  });

  it('/set-cookie plants cookies with their attributes, on a redirect too', async () => {
    const plain = await get('/set-cookie?sid=1%3B%20Path%3D%2F%3B%20HttpOnly&theme=dark');
    expect(plain.headers.getSetCookie()).toEqual(['sid=1; Path=/; HttpOnly', 'theme=dark']);
    expect(await plain.json()).toEqual({ set: ['sid', 'theme'] });
    const onHop = await get('/set-cookie?sid=1&url=/cookies&status_code=303');
    expect([onHop.status, onHop.headers.get('location')]).toEqual([303, '/cookies']);
    expect(onHop.headers.getSetCookie()).toEqual(['sid=1']);
  });

  it('/cookies tells them by name, the first of each', async () => {
    const response = await get('/cookies', { headers: { cookie: 'a=1; b=x=y; a=2; ' } });
    expect(await response.json()).toEqual({ cookies: { a: '1', b: 'x=y' } });
    expect(await (await get('/cookies')).json()).toEqual({ cookies: {} });
  });

  it('/echo tells method, path, headers and body', async () => {
    const response = await get('/echo?q', { method: 'PUT', body: 'hello', headers: { 'x-one': '1' } });
    const headers = expect.objectContaining({ 'x-one': '1', 'content-length': '5' });
    expect(await response.json()).toEqual({ method: 'PUT', path: '/echo?q', headers, body: 'hello' });
  });

  it.each([
    ['/redirect-to?url=/&status_code=200', 400],
    ['/redirect-to?url=/&status_code=four', 400],
    ['/redirect-to?url=/%0d%0aX-Injected:%201', 400],
    ['/set-cookie?a=1%0d%0aX-Injected:%201', 400],
    ['/chain?n=-1', 400],
    ['/chain?n=', 400],
    ['/nowhere', 404],
    ['//headers', 404],
  ])('%s is answered with %d', async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-injected')).toBeNull();
  });
});

describe('the log', () => {
  it('S39 S43 holds every request that arrived, in order, with where it arrived and its headers', async () => {
    await using quiet = await startLab();
    const { a, b } = quiet.origins;
    const target = encodeURIComponent(`${b}/headers`);
    await fetch(`${a}/redirect-to?url=${target}`, { headers: { authorization: 'Bearer T' } });
    await fetch(`${a}/echo`, { method: 'POST', headers: { 'x-two': '2' } });
    expect(quiet.log.map(({ origin, method, path }) => [origin, method, path])).toEqual([
      [a, 'GET', `/redirect-to?url=${target}`],
      [b, 'GET', '/headers'],
      [a, 'POST', '/echo'],
    ]);
    expect(quiet.log.map(({ headers }) => headers.authorization)).toEqual(['Bearer T', undefined, undefined]);
    expect(quiet.log[2]?.headers['x-two']).toBe('2');
  });

  it('shows a repeated header twice', async () => {
    await using quiet = await startLab();
    const socket = connect(Number(new URL(quiet.origins.a).port), '127.0.0.1');
    socket.write('GET /headers HTTP/1.1\r\nHost: a\r\nAuthorization: one\r\nAuthorization: two\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(quiet.log[0]?.headers.authorization).toBe('one, two');
  });
});
