import { describe, it } from 'vitest';
import { express4Host, expressHost } from './express-host.ts';
import { fastify4Host, fastifyHost } from './fastify-host.ts';
import { honoOnNode, plainNode, webOnNode } from './hosts.ts';
import { serverSuite } from './suite.ts';
import { hono, web } from './web-hosts.ts';

describe.each([
  ['pipeline', web],
  ['pipeline behind toNodeListener', webOnNode],
  ['Hono', hono],
  ['Hono behind toNodeListener', honoOnNode],
  ['node:http', plainNode],
  ['Express 5', expressHost],
  ['Express 4', express4Host],
  ['Fastify 5', fastifyHost],
  ['Fastify 4', fastify4Host],
])('%s', (_, host) => {
  it.each(serverSuite(host).map((check) => [check.name, check.run] as const))('%s', (_, run) => run());
});
