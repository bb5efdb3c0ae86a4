// One process of the app under load: `node app.ts BACKEND URL TIMEOUT SKEW`, started by run.ts, which is told the port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpError } from 'hallpass';
import { toNodeListener } from 'hallpass/node';
import { pipeline, type RequestContext } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { type Duration, systemClock } from '../../src/time.ts';
import { type BackendName, backends } from './backends.ts';

/** What the app keeps: a counter that all tabs raise, and a number under a key of each tab. */
export type Data = Record<string, number>;

process.once('disconnect', () => process.exit());

const [, , backend, url = '', timeout, skew = '0'] = process.argv;
const store = await backends[backend as BackendName].connect(url);
const sessions = createSessions<Data>({
  store,
  cookie: { name: 'session', secure: false },
  storeTimeout: timeout as Duration,
  clock: { ...systemClock, now: () => Date.now() + Number(skew) },
});

/** What a visitor asks for, with the words of the query. */
type Route = (context: RequestContext<Data>, words: URLSearchParams) => Promise<unknown>;

const own = async (context: RequestContext<Data>) => {
  await context.requireUser();
  return context.session();
};

const routes: Readonly<Record<string, Route>> = {
  '/read': async (context) => {
    const session = await context.session();
    return { user: session.user, data: { ...session.data } };
  },
  '/login': async (context, words) => (await context.session()).login(words.get('user') ?? ''),
  '/write': async (context, words) =>
    (await own(context)).set(words.get('key') ?? '', Number(words.get('value'))),
  '/count': async (context) => (await own(context)).update('count', (count = 0) => count + 1),
  '/rotate': async (context) => (await own(context)).rotate(),
  '/logout': async (context) => (await context.session()).logout(),
  '/revoke': async (_, words) => sessions.revokeAll(words.get('user') ?? ''),
};

/** That the store was away is no news here, and is counted by who asked. */
const onError = (error: unknown) =>
  error instanceof HttpError && error.status === 503 ? error.getResponse() : undefined;

const serve = pipeline<Data, unknown[]>({ sessions, onError, onEvent: () => {} })(
  async (request, context) => {
    const { pathname, searchParams } = new URL(request.url);
    const route = routes[pathname];
    if (route === undefined) return new Response(null, { status: 404 });
    return Response.json((await route(context, searchParams)) ?? {});
  },
);

const server = createServer(toNodeListener(serve));
// A connection that is closed for idleness just as a request is sent is no fault of the app.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
