import { createClient, type HookRequest, type HopView, type Trace, traceOf } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { pinnedHeader } from './fix-4-hooks.ts';
import { redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();

describe.each(secrets)('S2 Fix 4 with $scheme', (secret) => {
  const { header } = secret;

  it('S29 hooks.response sees every answer in order, is waited for, and may give another in its place', async () => {
    const { a, b } = seen.lab.origins;
    const statuses: number[] = [];
    const look = async ({ status }: Response) => {
      await Promise.resolve();
      statuses.push(status);
      return status === 200 ? new Response('another', { status: 203 }) : undefined;
    };
    const client = createClient({ credentials: secret.for(a), hooks: { response: [look] } });
    const response = await client.fetch(through([a, a], `${b}/headers`));
    expect(statuses).toEqual([302, 302, 200]);
    expect([response.status, await response.text()]).toEqual([203, 'another']);
  });

  it('S30 hooks.redirect changes the next request for sure; a call that has left does not take it back', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ hooks: pinnedHeader('authorization', () => header, a) });
    const response = await client.fetch(through([a, a, b, a], `${a}/headers`));
    expect(seen.authorizations()).toEqual([header, header, undefined, undefined, undefined]);
    const why = traceOf(response).hops.map(({ secrets }) => secrets[0]?.verdict.reasons[0]?.code);
    expect(why).toEqual([undefined, undefined, 'scope-other-host', 'left-origin', 'left-origin']);
  });

  it('S30 S40 F7 A to B to B, and a first host that is not the one: nothing leaks', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ hooks: pinnedHeader('authorization', () => header, a) });
    await client.fetch(through([a, b], `${b}/headers`));
    await client.fetch(through([b], `${b}/headers`));
    expect(seen.authorizations()).toEqual([header, undefined, undefined, undefined, undefined]);
  });

  it('S30 a hook that pins it on every request is judged too: the first origin has it, no other', async () => {
    const { a, b } = seen.lab.origins;
    const pin = ({ headers }: HookRequest) => headers.set('authorization', header);
    await createClient({ hooks: { request: [pin], redirect: [pin] } }).fetch(through([a, b], `${b}/headers`));
    expect(seen.authorizations()).toEqual([header, undefined, undefined]);
  });

  it('S31 what a watcher is shown is frozen: patching it changes nothing on the wire', async () => {
    const { a, b } = seen.lab.origins;
    const patched: boolean[] = [];
    const bend = (next: HookRequest, _: Response, hop: HopView) => {
      for (const shown of [next, hop]) patched.push(Reflect.set(shown, 'url', `${a}/headers`));
    };
    const client = createClient({ credentials: secret.for(a), hooks: { redirect: [bend] } });
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
