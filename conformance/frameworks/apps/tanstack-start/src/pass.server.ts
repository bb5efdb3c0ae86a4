import { defineCookie } from 'hallpass';
import { pipeline, type RequestContext } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
const pass = pipeline<Data, [run: (context: RequestContext<Data>) => Promise<Response>]>({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
export const serve = pass((_request, context, run) => run(context));
