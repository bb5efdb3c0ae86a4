import type { App } from './app.ts';
import { betterAuthApp } from './better-auth.ts';
import { expressSession } from './express-session.ts';
import { sessionOfFastify } from './fastify-session.ts';
import { honoSessions } from './hono-sessions.ts';
import { ironSession } from './iron-session.ts';

/** Applications on the session libraries of others, as published. */
export const peers: readonly App[] = [
  expressSession,
  sessionOfFastify,
  honoSessions,
  ironSession,
  betterAuthApp,
];
