import type { RequestContext as AnyContext } from '../../src/server/index.ts';

export { hallpass as expressPass } from '../../src/adapters/express.ts';
export { hallpass as fastifyPass } from '../../src/adapters/fastify.ts';
export { hallpass as honoPass } from '../../src/adapters/hono.ts';
export { hallpass as nodePass, toNodeListener } from '../../src/adapters/node.ts';
/** What is tested: the source of this repository, without a build. */
export { defineCookie } from '../../src/index.ts';
export { generateKey, keyRing, sealed } from '../../src/seal/index.ts';
export { pipeline } from '../../src/server/index.ts';
export { createSessions } from '../../src/session/index.ts';
export type { SessionStore } from '../../src/store/index.ts';
export { memoryStore } from '../../src/store/memory/index.ts';

/** What a handler gets in a run. */
export type RequestContext = AnyContext<Record<string, unknown>>;
