import { defineCookie } from 'hallpass';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

export interface Data {
  visits: number;
  boomed: boolean;
}

interface Event {
  isDataRequest: boolean;
  isRemoteRequest: boolean;
  locals: App.Locals;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
export const pass = pipeline<Data, [event: Event, resolve: () => Response | Promise<Response>]>({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
