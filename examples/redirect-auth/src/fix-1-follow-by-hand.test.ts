import { createClient, traceOf } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { followByHand, TooManyRedirects } from './fix-1-follow-by-hand.ts';
import { redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();

describe.each(secrets)('S2 Fix 1 with $scheme', (secret) => {
  const { header } = secret;
  const clientFor = (...scope: string[]) =>
    createClient({ credentials: secret.for(scope), transport: seen.lab.transport });

  it('S13 F2 sends the secret with the first request', async () => {
    const { a } = seen.lab.origins;
    await followByHand(clientFor(a), `${a}/headers`);
    expect(seen.authorizations()).toEqual([header]);
  });

  it('S15 F3 A to B to B: neither hop to B gets it, since no hop is compared with the one before', async () => {
    const { a, b } = seen.lab.origins;
    await followByHand(clientFor(a), through([a, b, b], `${b}/headers`));
    expect(seen.arrivals()).toEqual([['a', header], ...Array(3).fill(['b', undefined])]);
  });

  it('S15 F4 https to http on the same host: not in the clear', async () => {
    const { a, tls } = seen.lab.origins;
    await followByHand(clientFor(tls), redirectTo(tls, `${a}/headers`));
    expect(seen.arrivals()).toEqual([
      ['tls', header],
      ['a', undefined],
    ]);
  });

  it('S15 F5 leaves nothing behind in the client: later calls go as before', async () => {
    const { a, b } = seen.lab.origins;
    const client = clientFor(a);
    await followByHand(client, redirectTo(a, '/headers'));
    await client.fetch(`${b}/headers`);
    await followByHand(client, redirectTo(a, `${b}/headers`));
    await client.fetch(`${a}/headers`);
    expect(seen.authorizations()).toEqual([header, header, undefined, header, undefined, header]);
  });

  it('S17 gives the whole history, each answer with its trace', async () => {
    const { a, b } = seen.lab.origins;
    const history = await followByHand(clientFor(a), through([a, a], `${b}/headers`));
    expect(history.map(({ status, url }) => [status, url.split('?')[0]])).toEqual([
      [302, `${a}/redirect-to`],
      [302, `${a}/redirect-to`],
      [200, `${b}/headers`],
    ]);
    const records = history.map((response) => traceOf(response).hops[0]);
    expect(records.map((record) => record?.secrets[0]?.verdict.allowed)).toEqual([true, true, false]);
  });
});

describe('the loop', () => {
  const client = createClient({ timeout: '10s' });

  it.each([301, 302, 303, 307, 308])('S14 follows a %d', async (status) => {
    const { a } = seen.lab.origins;
    const history = await followByHand(client, redirectTo(a, '/headers', status));
    expect(history.map((response) => response.status)).toEqual([status, 200]);
  });

  it.each([300, 304])('S14 does not follow a %d', async (status) => {
    const { a } = seen.lab.origins;
    const history = await followByHand(client, redirectTo(a, '/headers', status));
    expect(history.map((response) => response.status)).toEqual([status]);
  });

  it('S16 S44 F6 max redirects are max + 1 requests; one more is an error with the history', async () => {
    const { a } = seen.lab.origins;
    expect(await followByHand(client, `${a}/chain?n=3`, { max: 3 })).toHaveLength(4);
    const error = await followByHand(client, `${a}/chain?n=4`, { max: 3 }).catch((failure) => failure);
    expect(error).toBeInstanceOf(TooManyRedirects);
    expect(error.history).toHaveLength(4);
    expect(seen.lab.log).toHaveLength(8);
  });

  it.each(['/headers', 'headers', '//HOST/headers'])(
    'S18 F6 resolves %s against the present URL',
    async (location) => {
      const { a } = seen.lab.origins;
      const history = await followByHand(client, redirectTo(a, location.replace('HOST', new URL(a).host)));
      expect(history.at(-1)?.url).toBe(`${a}/headers`);
    },
  );

  it('S18 F6 gives a redirect without Location as it is', async () => {
    const { a } = seen.lab.origins;
    const history = await followByHand(client, `${a}/redirect-to`);
    expect(history.map(({ status }) => status)).toEqual([302]);
  });

  it.each<[number, string, string, string]>([
    [307, 'POST', 'POST', 'order=42'],
    [308, 'PUT', 'PUT', 'order=42'],
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [302, 'DELETE', 'DELETE', 'order=42'],
  ])('S36 S37 %d after %s: %s with body %j', async (status, method, next, body) => {
    const { a } = seen.lab.origins;
    const options = { method, body: 'order=42' };
    const history = await followByHand(client, redirectTo(a, '/echo', status), options);
    expect(await history.at(-1)?.json()).toMatchObject({ method: next, body });
  });

  it('S37 HEAD stays HEAD', async () => {
    const { a } = seen.lab.origins;
    await followByHand(client, redirectTo(a, '/headers', 303), { method: 'HEAD' });
    expect(seen.lab.log.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  it('X3 a body does not leave its origin: the 307 is the answer', async () => {
    const { a, b } = seen.lab.origins;
    const options = { method: 'POST', body: 'password=hp-secret-p' };
    const history = await followByHand(client, redirectTo(a, `${b}/echo`, 307), options);
    expect(history.map(({ status }) => status)).toEqual([307]);
    expect(seen.lab.log).toHaveLength(1);
  });
});
