import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** The suites and the built package as plain modules, which every runtime takes. */
export interface Bundle extends AsyncDisposable {
  readonly folder: string;
  /** The module that a process runs. */
  readonly process: string;
  /** The module that a worker is made of. */
  readonly worker: string;
  /** Every file in the folder. */
  readonly files: readonly string[];
}

/** Bundles the suites with dist/, as package.json publishes it, and with packages; only Node's own modules stay outside. */
export async function bundleSuites(): Promise<Bundle> {
  const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const bundle = await rolldown({
    cwd: here('../..'),
    input: { process: here('process.ts'), worker: here('worker.ts') },
    platform: 'neutral',
    external: (id) => /^(node|bun):/.test(id) || builtinModules.includes(id),
    resolve: { mainFields: ['module', 'main'] },
    tsconfig: false,
  });
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-suites-'));
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
  });
  await bundle.close();
  return {
    folder,
    process: join(folder, 'process.mjs'),
    worker: join(folder, 'worker.mjs'),
    files: output.map(({ fileName }) => fileName),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
