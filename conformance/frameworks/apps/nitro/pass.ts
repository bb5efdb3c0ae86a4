import { defineCookie } from 'hallpass';
import { hallpass } from 'hallpass/h3';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
export const pass = hallpass({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
