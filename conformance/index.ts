import type { Case } from './case.ts';
import { atModuleScope } from './module-scope/suite.ts';
import type { Host } from './server/app.ts';
import type { World } from './world.ts';

/** Checks that belong together. Loaded on their own, so that a runtime that cannot load one still runs the others. */
export interface Suite {
  readonly name: string;
  load(world: World): Promise<readonly Case[]>;
}

/** How one check went on one runtime. */
export interface Result {
  readonly suite: string;
  readonly check: string;
  /** What did not hold; absent when all did. */
  readonly error?: string;
}

/** Every suite. Each runs on every runtime; what one cannot do stands in exceptions.ts. */
export const suites: readonly Suite[] = [
  { name: 'cookies', load: async () => (await import('./cookies/suite.ts')).cookieSuite },
  { name: 'seal', load: async () => (await import('./seal/suite.ts')).sealSuite },
  {
    name: 'session tokens',
    load: async () => (await import('./sessions/session-token-suite.ts')).sessionTokens,
  },
  { name: 'tokens', load: async () => (await import('./tokens/suite.ts')).tokenSuite },
  { name: 'adopt', load: async () => (await import('./adopt/suite.ts')).adoptSuite },
  { name: 'session views', load: async () => (await import('./sessions/view-suite.ts')).sessionViews },
  { name: 'memory store', load: async () => (await import('./stores/memory.ts')).memorySuite },
  { name: 'races', load: async () => (await import('./races/suite.ts')).overMemory() },
  { name: 'SQLite store', load: async () => (await import('./stores/sqlite.ts')).sqliteSuite },
  { name: 'client', load: async (world) => (await import('./client/suite.ts')).clientSuite(world) },
  { name: 'server', load: async () => serverOn((await import('./server/web-hosts.ts')).web) },
  { name: 'server: Hono', load: async () => serverOn((await import('./server/web-hosts.ts')).hono) },
  {
    name: 'server: toNodeListener',
    load: async () => serverOn((await import('./server/hosts.ts')).honoOnNode),
  },
  { name: 'server: node:http', load: async () => serverOn((await import('./server/hosts.ts')).plainNode) },
  {
    name: 'server: Express',
    load: async () => serverOn((await import('./server/express-host.ts')).expressHost),
  },
  {
    name: 'server: Fastify',
    load: async () => serverOn((await import('./server/fastify-host.ts')).fastifyHost),
  },
  { name: 'wire', load: async () => (await import('./server/wire.ts')).wire },
  { name: 'server: own', load: async () => serverOn((await import('./server/own-server.ts')).ownServer) },
  { name: 'module scope', load: async (world) => atModuleScope(world) },
];

const serverOn = async (host: Host) => (await import('./server/suite.ts')).serverSuite(host);
