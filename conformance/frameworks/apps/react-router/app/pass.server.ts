import { defineCookie, HttpError } from 'hallpass';
import { pipeline, type RequestContext } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createContext, type MiddlewareFunction, type RouterContextProvider } from 'react-router';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
const pass = pipeline<Data, [context: Readonly<RouterContextProvider>, next: () => Promise<Response>]>({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
const serve = pass((_request, visit, context, next) => {
  context.set(visitor, visit);
  return next();
});

/** In loaders and actions: `context.get(visitor)`. */
export const visitor = createContext<RequestContext<Data>>();
export const hallpass: MiddlewareFunction<Response> = ({ request, context }, next) =>
  serve(request, context, next);

/** React Router takes a thrown Response for an answer, and an error for a 500. */
export async function requireUser(context: Readonly<RouterContextProvider>): Promise<string> {
  try {
    return await context.get(visitor).requireUser();
  } catch (error) {
    throw error instanceof HttpError ? error.getResponse() : error;
  }
}
