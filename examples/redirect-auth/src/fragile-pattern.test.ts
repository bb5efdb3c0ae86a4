import { traceOf } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { fragileClient } from './fragile-pattern.ts';
import { anyName, redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();

describe.each(secrets)('S2 $scheme in the headers of the client', ({ header }) => {
  const client = fragileClient(header);

  it('S1 S3 S4 S8 F9 is withheld from another host, port or scheme, and the trace says at which hop and why', async () => {
    const { a, a2, b, tls } = seen.lab.origins;
    for (const [target, code] of [
      [b, 'scope-other-host'],
      [a2, 'scope-other-port'],
    ] as const) {
      const [first, second] = traceOf(await client.fetch(redirectTo(a, `${target}/headers`))).hops;
      expect(first?.secrets).toMatchObject([{ name: 'authorization', verdict: { allowed: true } }]);
      expect(second).toMatchObject({
        url: `${target}/headers`,
        secrets: [{ name: 'authorization', verdict: { allowed: false, reasons: [{ code }] } }],
      });
    }
    const secure = fragileClient(header, { transport: seen.lab.transport });
    const downgraded = traceOf(await secure.fetch(redirectTo(tls, `${a}/headers`))).hops[1];
    expect(downgraded?.secrets[0]?.verdict.reasons[0]?.code).toBe('scope-downgrade');
    expect(seen.arrivals()).toEqual([
      ['a', header],
      ['b', undefined],
      ['a', header],
      ['a2', undefined],
      ['tls', header],
      ['a', undefined],
    ]);
  });

  it('S8 follows the upgrade of one host from http to https on the usual ports', async () => {
    const named = fragileClient(header, { transport: anyName(seen.lab) });
    await named.fetch(redirectTo('http://api.example.com', 'https://api.example.com/headers'));
    expect(seen.arrivals()).toEqual([
      ['a', header],
      ['tls', header],
    ]);
  });

  it.each([
    ['a relative Location', '/headers'],
    ['//host', '//api.example.com/headers'],
    ['the usual port spelled out', 'http://api.example.com:80/headers'],
    ['the host in capitals', 'http://API.EXAMPLE.COM/headers'],
  ])('S6 S35 F10 is kept on the same origin: %s', async (_, location) => {
    const named = fragileClient(header, { transport: anyName(seen.lab) });
    await named.fetch(redirectTo('http://api.example.com', location));
    expect(seen.authorizations()).toEqual([header, header]);
  });

  it('S10 K2 does not come back in the chain, and is there for the next call', async () => {
    const { a, b } = seen.lab.origins;
    const { hops } = traceOf(await client.fetch(through([a, b], `${a}/headers`)));
    expect(hops[2]?.secrets[0]?.verdict.reasons[0]?.code).toBe('left-origin');
    await client.fetch(`${a}/headers`);
    expect(seen.authorizations()).toEqual([header, undefined, undefined, header]);
  });

  it('S11 goes to any first host, unless the client has a baseUrl', async () => {
    const { a, b } = seen.lab.origins;
    await client.fetch(`${b}/headers`);
    await fragileClient(header, { baseUrl: a }).fetch(`${b}/headers`);
    expect(seen.authorizations()).toEqual([header, undefined]);
  });

  it('S12 S43 can be reproduced without the internet: another host echoes what reached it', async () => {
    const { a, b } = seen.lab.origins;
    const query = { url: `${b}/headers`, status_code: 301 };
    const echoed = await (await client.fetch(`${a}/redirect-to`, { query })).json();
    expect(echoed.headers).not.toHaveProperty('authorization');
  });
});
