import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { rolldown } from 'rolldown';

/** The rules of the runtime on this day. */
const compatibilityDate = '2026-07-30';

/** A worker in workerd, made of one module of ours, with what it is bound to. */
export interface EdgeRuntime extends AsyncDisposable {
  ask(body: unknown): Promise<unknown>;
  fetch(path: string, init?: { method?: string; headers?: Record<string, string> }): Promise<Response>;
}

/**
 * @param entry beside this file, or the URL of a file
 * @param at the loopback port that is listened on, and the folder where objects keep what they know. Default: any, and in memory.
 */
export async function startEdge(
  entry: string,
  at: { port?: number; folder?: string } = {},
): Promise<EdgeRuntime> {
  const bundle = await rolldown({
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    input: fileURLToPath(new URL(entry, import.meta.url)),
    platform: 'neutral',
    external: /^(node|cloudflare|bun):/,
    resolve: { mainFields: ['module', 'main'] },
    tsconfig: false,
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const flare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents: output[0].code }],
    compatibilityDate,
    host: '127.0.0.1',
    port: at.port,
    durableObjectsPersist: at.folder,
    durableObjects: { SESSIONS: { className: 'SessionShard', useSQLite: true } },
    d1Databases: ['DB'],
  });
  await flare.ready;
  const fetch = async (path: string, init = {}) =>
    (await flare.dispatchFetch(`https://app.test${path}`, init)) as unknown as Response;
  return {
    fetch,
    async ask(body) {
      const response = await flare.dispatchFetch('https://app.test/', {
        method: 'POST',
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`workerd answered ${response.status}: ${text}`);
      return JSON.parse(text);
    },
    [Symbol.asyncDispose]: () => flare.dispose(),
  };
}
