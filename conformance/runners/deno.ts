import { runInChild } from './child.ts';
import { type Runtime, requirePart } from './runtime.ts';

export const deno: Runtime = {
  name: 'Deno',
  part: 'deno',
  run: async (bundle, world, ca) =>
    runInChild([requirePart('deno'), 'run', '--allow-all', '--no-config'], {
      bundle,
      world,
      ca,
      trust: 'DENO_CERT',
    }),
};
