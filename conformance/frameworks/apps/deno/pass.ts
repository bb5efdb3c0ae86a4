import { defineCookie } from 'hallpass';
import { bearer, createClient } from 'hallpass/client/slim';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { sqliteStore } from 'hallpass/stores/sqlite';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
export const pass = pipeline<Data, [info: Deno.ServeHandlerInfo<Deno.NetAddr>]>({
  sessions: createSessions<Data>({ store: sqliteStore('sessions.sqlite') }),
  origins: [Deno.env.get('ORIGIN') ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
  address: (_request, info) => info.remoteAddr.hostname,
});

/** Calls another service, with a token that goes there and nowhere else; what the visitor sent stays here. */
export const prices = createClient({ baseUrl: Deno.env.get('ORIGIN') ?? '', credentials: bearer('a-token') });
