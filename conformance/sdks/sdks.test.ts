import { createClient } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { describe, expect, it } from 'vitest';
import { sdks } from './sdks.ts';
import { startServices } from './server.ts';

/** What a call gives, and what the server heard of it. */
async function seen(
  call: (fetch: typeof globalThis.fetch, origin: string) => Promise<unknown>,
  fetch: typeof globalThis.fetch,
) {
  await using services = await startServices();
  const { origin, arrivals } = services;
  const outcome = await call(fetch, origin);
  const text = JSON.stringify({ outcome, arrivals }, (_, value) => (value === undefined ? null : value));
  return JSON.parse(text.replaceAll(origin.slice('http://'.length), 'host'));
}

const transports = { fetchTransport: undefined, undiciTransport: undiciTransport() };

for (const [sdk, calls] of Object.entries(sdks)) {
  describe(`${sdk} with client.fetch does what it does with fetch:`, () => {
    for (const [what, call] of Object.entries(calls))
      it.each(Object.keys(transports) as (keyof typeof transports)[])(`${what}, over %s`, async (name) => {
        const transport = transports[name];
        const client = createClient(transport && { transport });
        const expected = await seen(call, fetch);
        expect(expected.arrivals.length + (sdk === 'tRPC' ? 1 : 0)).toBeGreaterThan(0);
        expect(await seen(call, client.fetch)).toEqual(expected);
      });
  });
}
