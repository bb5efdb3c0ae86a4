import { fileURLToPath } from 'node:url';
import type { PartName } from '../../tools/setup/parts.mjs';
import { runInChild } from './child.ts';
import { type Runtime, type RuntimeName, requirePart } from './runtime.ts';

const trust = 'NODE_EXTRA_CA_CERTS';

function further(name: RuntimeName, part: PartName): Runtime {
  return {
    name,
    part,
    run: async (bundle, world, ca) => runInChild([requirePart(part)], { bundle, world, ca, trust }),
  };
}

/** The oldest Node that package.json admits, the one that is developed on, and the newest. */
export const nodes: readonly Runtime[] = [
  further('Node 22', 'node-22'),
  {
    name: 'Node 24',
    run(bundle, world, ca) {
      const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
      return runInChild([node], { bundle, world, ca, trust });
    },
  },
  further('Node 26', 'node-26'),
];
