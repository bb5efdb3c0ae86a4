import { defineCookie } from 'hallpass';
import { pipeline, type RequestContext } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

export interface Data {
  visits: number;
  boomed: boolean;
}

export const theme = defineCookie('theme', { maxAge: '30d' });
const pass = pipeline({
  sessions: createSessions<Data>({ store: memoryStore() }),
  origins: [process.env.ORIGIN ?? ''],
  cors: { origins: ['https://spa.example.com'], credentials: true },
});
const contexts = new WeakMap<Request, RequestContext<Data>>();

/** For `derive`: `({ request }) => ({ hallpass: contextOf(request) })`. */
export function contextOf(request: Request): RequestContext<Data> {
  const context = contexts.get(request);
  if (context === undefined) throw new TypeError('This request did not come through serve(app).');
  return context;
}

export function serve(app: { fetch(request: Request): Response | Promise<Response> }) {
  return pass((request, context) => {
    contexts.set(request, context);
    return app.fetch(request);
  });
}
