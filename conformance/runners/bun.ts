import { fileURLToPath } from 'node:url';
import { runInChild } from './child.ts';
import type { Runtime } from './runtime.ts';

export const bun: Runtime = {
  name: 'Bun',
  run(bundle, world, ca) {
    const file = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url));
    return runInChild([file], { bundle, world, ca, trust: 'NODE_EXTRA_CA_CERTS' });
  },
};
