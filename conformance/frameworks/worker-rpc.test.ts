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
    serviceBindings: { store: { name: 'desk', entrypoint: 'RemoteStore' } },
  });
});
afterAll(() => worker?.dispose());

it('sessions live behind the RPC of workerd, whatever their keys, and no entry point of a store wants a module of Node to be loaded', async () => {
  const ask = async (method: string, cookie = '') => {
    const answer = await worker.dispatchFetch('http://desk.test/', {
      method,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    return [answer.status, await answer.text(), answer.headers.getSetCookie()[0]?.split(';')[0]];
  };
  const [status, , cookie] = await ask('POST');
  expect(status).toBe(200);
  expect(await ask('POST', cookie as string)).toEqual([
    200,
    '["ada",2,"a key like any other",1,"function"]',
    undefined,
  ]);
  expect(await ask('GET', cookie as string)).toEqual([
    200,
    '["ada",2,"a key like any other",1,"function"]',
    undefined,
  ]);
});
