import {
  createContextKey,
  type Middleware,
  type NextFunction,
  type RequestContext,
} from '@remix-run/fetch-router';
import { defineCookie } from 'hallpass';
import { type RequestContext as HallpassContext, pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
const pass = pipeline<Data, [context: RequestContext, next: NextFunction]>({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
const serve = pass((_request, visit, context, next) => {
  context.set(visitor, visit);
  return next();
});

/** In actions: `context.get(visitor)`. */
export const visitor = createContextKey<HallpassContext<Data>>();
export const hallpass: Middleware<{ key: typeof visitor; value: HallpassContext<Data> }> = (context, next) =>
  serve(context.request, context, next);
