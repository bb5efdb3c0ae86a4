import { inspect } from 'node:util';
import { apiKey, createClient, EmptyBodyError, RedirectError, TimeoutError, traceOf } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();
const key = 'hp-secret-demo-key';

describe('S5 F11 Proxy-Authorization', () => {
  it('reaches no origin server, not even the first', async () => {
    const { a, b } = seen.lab.origins;
    const headers = { 'proxy-authorization': 'Basic hp-secret-proxy' };
    const response = await createClient().fetch(through([a, a], `${b}/headers`), { headers });
    expect(seen.lab.log.every((request) => !('proxy-authorization' in request.headers))).toBe(true);
    expect(traceOf(response).hops[0]?.secrets[0]?.verdict.reasons[0]?.code).toBe('proxy-only');
  });
});

describe('S38 the Location is the server’s word', () => {
  it('redirect.follow refuses a hop before anything is sent, and the error names it', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ redirect: { follow: ({ url }) => new URL(url).origin === a } });
    const error = await client.fetch(redirectTo(a, `${b}/headers`)).catch((failure) => failure);
    expect(error).toBeInstanceOf(RedirectError);
    expect(error).toMatchObject({
      code: 'redirect-refused',
      message: expect.stringContaining(`${b}/headers`),
    });
    expect(seen.arrivals()).toHaveLength(1);
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/', 'javascript:alert(1)'])(
    'only http and https: %s',
    async (target) => {
      const { a } = seen.lab.origins;
      await expect(createClient().fetch(redirectTo(a, target))).rejects.toMatchObject({
        code: 'bad-location',
      });
    },
  );

  it.each(secrets)('X5 tricks are judged as the URL that is connected to ($scheme)', async (secret) => {
    const { a, b } = seen.lab.origins;
    const host = new URL(b).host;
    for (const trick of [`http:\\\\${host}/headers`, `///${host}/headers`, `\\\\${host}/headers`]) {
      const response = await createClient({ credentials: secret.for(a) }).fetch(redirectTo(a, trick));
      expect(response.url).toBe(`${b}/headers`);
    }
    expect(seen.arrivals().filter(([, authorization]) => authorization !== undefined)).toHaveLength(3);
    expect(seen.arrivals().filter(([origin]) => origin === 'b')).toEqual(Array(3).fill(['b', undefined]));
  });
});

describe('S44 a server that redirects for ever', () => {
  it('redirect.maxRedirects counts redirects: five are six requests', async () => {
    const { a } = seen.lab.origins;
    const client = createClient({ redirect: { maxRedirects: 5 } });
    expect((await client.fetch(`${a}/chain?n=5`)).status).toBe(200);
    expect(seen.lab.log).toHaveLength(6);
    await expect(client.fetch(`${a}/chain?n=6`)).rejects.toMatchObject({ code: 'too-many-redirects' });
  });

  it('a loop ends at the limit, and the error says what repeats', async () => {
    const { a } = seen.lab.origins;
    await expect(createClient().fetch(`${a}/loop`)).rejects.toMatchObject({
      code: 'redirect-loop',
      message: expect.stringContaining(`GET ${a}/loop`),
    });
  });
});

describe('S45 F13 other secrets than Authorization', () => {
  it('X-API-Key by hand belongs to the first origin', async () => {
    const { a, b } = seen.lab.origins;
    await createClient().fetch(through([a, a], `${b}/headers`), { headers: { 'x-api-key': key } });
    expect(seen.lab.log.map(({ headers }) => headers['x-api-key'])).toEqual([key, key, undefined]);
  });

  it('apiKey has a scope, in a header or in the query', async () => {
    const { a, b } = seen.lab.origins;
    for (const place of ['header', 'query'] as const) {
      const credentials = apiKey('x-api-key', key, { for: a, in: place });
      await createClient({ credentials }).fetch(redirectTo(a, `${b}/headers`));
      const [first, second] = seen.lab.log.splice(0);
      expect(JSON.stringify(first)).toContain(key);
      expect(JSON.stringify(second)).not.toContain(key);
    }
  });

  it('a Cookie header by hand is kept on the same origin and withheld from others', async () => {
    const { a, b } = seen.lab.origins;
    const headers = { cookie: 'tok=hp-secret-cookie' };
    await createClient().fetch(through([a, a], `${b}/headers`), { headers });
    expect(seen.lab.log.map((request) => request.headers.cookie)).toEqual([
      headers.cookie,
      headers.cookie,
      undefined,
    ]);
  });

  it('a cookie in the jar belongs to a host: there is none without', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient();
    client.jar.set('tok=hp-secret-cookie', a);
    await client.fetch(redirectTo(a, `${b}/cookies`));
    expect(seen.lab.log.map(({ headers }) => headers.cookie)).toEqual(['tok=hp-secret-cookie', undefined]);
  });
});

describe.each(secrets)('S50 S51 S52 which hop lost the header, with $scheme', (secret) => {
  it("redirect: 'manual' gives the redirect itself", async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ credentials: secret.for(a) });
    const response = await client.fetch(redirectTo(a, `${b}/headers`), { redirect: 'manual' });
    expect([response.status, response.headers.get('location'), response.redirected]).toEqual([
      302,
      `${b}/headers`,
      false,
    ]);
  });

  it('F14 the trace names the hop and the reason, and no line of it holds the secret', async () => {
    const { a, b } = seen.lab.origins;
    const lines: string[] = [];
    const client = createClient({
      credentials: secret.for(a),
      onTrace: (trace) => lines.push(String(trace), JSON.stringify(trace), inspect(trace, { depth: 9 })),
    });
    const planted = `${a}/set-cookie?${new URLSearchParams({ sid: 'hp-secret-sid', url: `${b}/headers` })}`;
    const { hops } = traceOf(await client.fetch(planted));
    const lost = hops.findIndex(({ secrets }) => secrets.some(({ verdict }) => !verdict.allowed));
    expect(lost).toBe(1);
    expect(lines[0]).toContain('[scope-other-host, RFC 9110 §15.4]');
    const values = [secret.header, secret.header.split(' ')[1] as string, 'hp-secret-demo'];
    for (const value of values) expect(lines.join('\n')).not.toContain(value);
  });

  it('S46 a 401 after a redirect is explained where it happened', async () => {
    const { a, b } = seen.lab.origins;
    const response = await createClient({ credentials: secret.for(a) }).fetch(redirectTo(a, `${b}/need`));
    expect(response.status).toBe(401);
    expect(traceOf(response).hops.at(-1)).toMatchObject({
      status: 401,
      secrets: [{ verdict: { allowed: false, reasons: [{ code: 'scope-other-host' }] } }],
    });
  });
});

describe('the related articles', () => {
  it('S28 a 200 with nothing in it: json() names status, URL, type and redirects', async () => {
    const { a } = seen.lab.origins;
    const call = createClient().get(redirectTo(a, '/empty')).json();
    await expect(call).rejects.toBeInstanceOf(EmptyBodyError);
    await expect(call).rejects.toThrow(`200 of ${a}/empty (application/json, 1 redirect)`);
  });

  it('S32 F15 a dripping server cannot outlive the total deadline, and a hanging one not the headers', async () => {
    const { a } = seen.lab.origins;
    const dripping = await createClient({ timeout: '300ms' }).fetch(`${a}/drip?s=5`);
    await expect(dripping.text()).rejects.toMatchObject({ code: 'timeout', phase: 'total' });
    const hanging = createClient({ timeout: { headers: '200ms' } }).fetch(redirectTo(a, '/hang?s=60'));
    const error = await hanging.catch((failure) => failure);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ phase: 'headers' });
    expect(error.trace.hops).toHaveLength(2);
  });
});
