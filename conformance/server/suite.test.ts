import { describe, it } from 'vitest';
import { hono, honoOnNode, web } from './hosts.ts';
import { serverSuite } from './suite.ts';

describe.each([
  ['pipeline', web],
  ['Hono', hono],
  ['Hono behind toNodeListener', honoOnNode],
])('%s', (_, host) => {
  it.each(serverSuite(host).map((check) => [check.name, check.run] as const))('%s', (_, run) => run());
});
