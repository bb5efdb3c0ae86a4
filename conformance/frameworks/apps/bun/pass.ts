import type { Server } from 'bun';
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
export const pass = pipeline<Data, [server: Server<undefined>]>({
  sessions: createSessions<Data>({ store: sqliteStore('sessions.sqlite') }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
  address: (request, server) => server.requestIP(request)?.address,
});

/** Calls another service, with a token that goes there and nowhere else; what the visitor sent stays here. */
export const prices = createClient({ baseUrl: process.env.ORIGIN ?? '', credentials: bearer('a-token') });
