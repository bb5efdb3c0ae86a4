import { defineCookie } from 'hallpass';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
export const pass = pipeline<Data>({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
