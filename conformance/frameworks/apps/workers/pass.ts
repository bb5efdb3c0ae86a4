import { env } from 'cloudflare:workers';
import { defineCookie } from 'hallpass';
import { bearer, createClient } from 'hallpass/client/slim';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { durableStore } from 'hallpass/stores/durable-object';

declare global {
  namespace Cloudflare {
    interface Env {
      ORIGIN: string;
      SESSIONS: DurableObjectNamespace;
    }
  }
}

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
export const pass = pipeline<Data, [env: Cloudflare.Env, ctx: ExecutionContext]>({
  sessions: createSessions<Data>({ store: durableStore(env.SESSIONS) }),
  origins: [env.ORIGIN],
  cors: { origins: ['https://spa.example.com'], credentials: true },
  address: (request) => request.headers.get('cf-connecting-ip') ?? undefined,
  waitUntil: (work, _request, _env, ctx) => ctx.waitUntil(work),
});

/** Calls another service, with a token that goes there and nowhere else; what the visitor sent stays here. */
export const prices = createClient({ baseUrl: env.ORIGIN, credentials: bearer('a-token') });
