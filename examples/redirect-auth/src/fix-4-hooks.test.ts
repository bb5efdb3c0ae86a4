import { createClient, type Trace } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { pinnedHeader } from './fix-4-hooks.ts';
import { redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();

describe.each(secrets)('S2 Fix 4 with $scheme', (secret) => {
  const { header } = secret;

  it('S30 is on every request in its scope, for sure', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ credentials: pinnedHeader('authorization', () => header, a) });
    await client.fetch(through([a, a, b, a], `${a}/headers`));
    expect(seen.authorizations()).toEqual([header, header, undefined, header, header]);
  });

  it('S30 S40 F7 A to B to B, and a first host out of scope that redirects to itself: nothing leaks', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ credentials: pinnedHeader('authorization', () => header, a) });
    await client.fetch(through([a, b], `${b}/headers`));
    await client.fetch(through([b], `${b}/headers`));
    expect(seen.authorizations()).toEqual([header, undefined, undefined, undefined, undefined]);
  });

  it('S31 what a watcher is shown is frozen: patching it changes nothing on the wire', async () => {
    const { a, b } = seen.lab.origins;
    const patched: boolean[] = [];
    const follow = (next: object) => {
      patched.push(
        Reflect.set(next, 'url', `${a}/headers`),
        Reflect.set(next, 'headers', { authorization: header }),
      );
      return true;
    };
    const client = createClient({ credentials: secret.for(a), redirect: { follow } });
    await client.fetch(redirectTo(a, `${b}/headers`));
    expect(patched).toEqual([false, false]);
    expect(seen.arrivals()).toEqual([
      ['a', header],
      ['b', undefined],
    ]);
  });

  it('S31 a patched trace changes nothing either', async () => {
    const { a, b } = seen.lab.origins;
    const traces: Trace[] = [];
    const client = createClient({
      credentials: secret.for(a),
      onTrace(trace) {
        traces.push(trace);
        for (const hop of trace.hops) Reflect.set(hop, 'secrets', []);
      },
    });
    await client.fetch(redirectTo(a, `${b}/headers`));
    expect(traces[0]?.hops.map(({ secrets }) => secrets[0]?.verdict.allowed)).toEqual([true, false]);
  });
});
