import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import type { Result } from '../index.ts';
import type { Runtime, RuntimeName } from './runtime.ts';

/** The rules of the runtime on this day. */
const compatibilityDate = '2026-07-30';

/** The suite about what several requests share. It runs in two requests at once, and in one that comes after them. */
const shared = '?suite=module%20scope';

function worker(name: RuntimeName, compatibilityFlags: string[]): Runtime {
  return {
    name,
    async run({ folder, files }, world, ca) {
      const modules = files.map(async (file) => ({
        type: 'ESModule' as const,
        path: join(folder, file),
        contents: await readFile(join(folder, file), 'utf8'),
      }));
      // The first module is the worker itself.
      const sorted = (await Promise.all(modules)).sort((one) => (one.path.endsWith('worker.mjs') ? -1 : 0));
      const flare = new Miniflare({
        modulesRoot: folder,
        modules: sorted.filter(({ path }) => !path.endsWith('process.mjs')),
        compatibilityDate,
        compatibilityFlags,
        outboundService: {
          network: { allow: ['public', 'private', 'local'], tlsOptions: { trustedCertificates: [ca] } },
        },
      });
      const ask = async (query = ''): Promise<Result[]> => {
        const init = { method: 'POST', body: JSON.stringify(world) };
        const response = await flare.dispatchFetch(`http://worker.test/${query}`, init);
        if (!response.ok) throw new Error(`workerd answered ${response.status}: ${await response.text()}`);
        return (await response.json()) as Result[];
      };
      try {
        const early = await Promise.all([ask(shared), ask(shared)]);
        return [...early.flat().filter(({ error }) => error !== undefined), ...(await ask())];
      } finally {
        await flare.dispose();
      }
    },
  };
}

/** As it is, where only the web's own APIs exist, and with Node's beside them. */
export const workers: readonly Runtime[] = [
  worker('workerd', []),
  worker('workerd, nodejs_compat', ['nodejs_compat']),
];
