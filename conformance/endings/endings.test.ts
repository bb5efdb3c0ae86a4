import { getEventListeners } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallError, type ClientOptions, createClient, fetchTransport } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { openJar } from 'hallpass/jar/file';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EndingServer, startEndingServer } from './server.ts';
import { type Hands, type Way, ways } from './ways.ts';

/** How many calls are made in all. */
const count = Number(process.env.HALLPASS_ENDINGS ?? 2 * 2 * Object.keys(ways).length);
const atOnce = 20;

let server: EndingServer;
const folder = mkdtempSync(join(tmpdir(), 'hallpass-endings-'));
beforeAll(async () => {
  server = await startEndingServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** How a way ends this time. */
async function endOf(way: Way, hands: Hands): Promise<string> {
  try {
    await way.run(hands);
    return 'ok';
  } catch (error) {
    return error instanceof CallError ? error.code : (error as Error).name;
  }
}

/** What of this process is in use: descriptors where the system tells them, and the handles that Node knows. */
function inUse() {
  const handles = process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== 'Timeout' && kind !== 'Immediate');
  let descriptors = 0;
  try {
    descriptors = readdirSync('/proc/self/fd').length;
  } catch {}
  return { descriptors, handles: handles.length };
}

it.each([
  ['fetch', () => fetchTransport],
  ['undici', () => undiciTransport()],
] as const)(
  'over %s, calls that end in every way leave no socket, listener, draft or descriptor',
  async (name, transport) => {
    const { signal } = new AbortController();
    const path = join(folder, `${name}.json`);
    const jar = await openJar(path);
    const shared = { baseUrl: server.origin, transport: transport(), jar };
    const hands = {
      signal,
      client: (options: ClientOptions = {}) => createClient({ ...shared, ...options }),
    };
    const all = Object.entries(ways);

    /** Makes calls, some at once and each way in its turn, and gives those that did not end as they had to. */
    const call = async (times: number): Promise<string[]> => {
      const wrong = new Set<string>();
      let at = 0;
      const worker = async () => {
        while (at < times) {
          const [title, way] = all[at++ % all.length] as [string, Way];
          const end = await endOf(way, hands);
          if (end !== way.end) wrong.add(`${title}: ${end} instead of ${way.end}`);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      await jar.flush();
      await expect
        .poll(
          () => {
            server.endIdle();
            return server.open.size;
          },
          { timeout: 10_000 },
        )
        .toBe(0);
      return [...wrong];
    };

    expect(await call(all.length)).toEqual([]);
    const before = inUse();
    expect(await call(count / 2 - all.length)).toEqual([]);
    await expect.poll(() => inUse().handles).toBeLessThanOrEqual(before.handles);
    await expect.poll(() => inUse().descriptors).toBeLessThanOrEqual(before.descriptors);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(readdirSync(folder).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    await jar[Symbol.asyncDispose]();
    if (process.env.HALLPASS_ENDINGS !== undefined)
      console.log(
        `${name}: ${count / 2} calls; sockets ${server.open.size}, before ${JSON.stringify(before)}, after ${JSON.stringify(inUse())}`,
      );
  },
  60_000 + count * 10,
);
