import { defineCookie } from 'hallpass';
import { hallpass } from 'hallpass/next';
import { createSessions } from 'hallpass/session';
import { countingStore } from './store';

export interface Data {
  visits: number;
  boomed: boolean;
  note: string;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
export const pass = hallpass({
  shared: 'app',
  sessions: () => createSessions<Data>({ store: countingStore(), renewAfter: '1ms' }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
