import { Miniflare } from 'miniflare';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = new URL('../../', import.meta.url).pathname;

/** The entry points by their published names, from source. */
const alias = Object.fromEntries(
  Object.entries(manifest.exports)
    .filter(([, file]) => file.endsWith('.js'))
    .map(([name, file]) => [
      `hallpass${name.slice(1)}$`,
      root + file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'),
    ]),
);

let worker: Miniflare;
beforeAll(async () => {
  const bundle = await rolldown({
    input: `${root}conformance/frameworks/rpc-worker.ts`,
    platform: 'neutral',
    external: /^(cloudflare|node):/,
    resolve: { alias: Object.fromEntries(Object.entries(alias).reverse()), mainFields: ['module', 'main'] },
    tsconfig: false,
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  worker = new Miniflare({
    name: 'desk',
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents: output[0].code }],
    compatibilityDate: '2026-07-30',
    serviceBindings: { memory: { name: 'desk', entrypoint: 'RemoteMemory' } },
    durableObjects: { objects: { className: 'RemoteSqlite', useSQLite: true } },
  });
});
afterAll(() => worker?.dispose());

it.for([
  ['memory', 'in the memory of another worker'],
  ['sqlite', 'in a database of SQLite that is open, without a module of Node'],
] as const)('sessions live behind the RPC of workerd, whatever their keys, %s: %s', async ([path]) => {
  const ask = async (method: string, cookie = '') => {
    const answer = await worker.dispatchFetch(`https://desk.test/${path}`, {
      method,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    return [answer.status, await answer.text(), answer.headers.getSetCookie()[0]?.split(';')[0]];
  };
  const [status, body, cookie] = await ask('POST');
  expect([status, body]).toEqual([200, expect.stringContaining('ada')]);
  const visited = [200, '["ada",2,"a key like any other",1]', undefined];
  expect(await ask('POST', cookie as string)).toEqual(visited);
  expect(await ask('GET', cookie as string)).toEqual(visited);
});
