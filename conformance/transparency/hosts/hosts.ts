import type { Framework } from '../program.ts';
import type { Host } from './host.ts';

/** Each framework is loaded when it is first needed. */
const load: Record<Framework, () => Promise<Host>> = {
  express: async () => (await import('./express.ts')).express5Host,
  express4: async () => (await import('./express.ts')).express4Host,
  fastify: async () => (await import('./fastify.ts')).fastifyHost,
  http: async () => (await import('./node.ts')).httpHost,
  http2: async () => (await import('./node.ts')).http2Host,
  hono: async () => (await import('./web.ts')).honoHost,
  listener: async () => (await import('./web.ts')).listenerHost,
  codegenie: async () => (await import('./serverless.ts')).codegenieHost,
  'serverless-http': async () => (await import('./serverless.ts')).serverlessHttpHost,
  upgrade: async () => (await import('./upgrade.ts')).upgradeHost,
};

export const frameworks = Object.keys(load) as Framework[];

export function hostOf(framework: Framework): Promise<Host> {
  return load[framework]();
}
