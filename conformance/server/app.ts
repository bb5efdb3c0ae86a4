import { type AllowedOrigin, defineCookie, type LintFinding } from 'hallpass';
import type { CorsPolicy, CsrfPolicy, RequestContext, ServerEvent, SiteData } from 'hallpass/server';
import { createSessions, type StoredSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';

export interface Data {
  note: string;
}

/** How a handler ends, in the words of no framework. */
export type Answer =
  | { body: object; status?: number; headers?: Record<string, string> }
  | { redirect: string };

/** @param body the whole body of the request, as handlers of this framework read it */
export type Route = (
  context: RequestContext<Data>,
  query: URLSearchParams,
  body: () => Promise<string>,
) => Promise<Answer>;

/** What a host is given to serve. */
export interface App {
  readonly options: {
    sessions: StoredSessions<Data>;
    origins: AllowedOrigin[];
    cors?: CorsPolicy;
    csrf?: CsrfPolicy | false;
    clearSiteData?: SiteData[];
    onWarning?: false | ((warning: LintFinding) => void);
    onEvent(event: ServerEvent): void;
  };
  /** By method and path. Everything else is the host's own 404. */
  readonly routes: Readonly<Record<string, Route>>;
}

/** Serves an app with one framework on one runtime. */
export type Host = (
  app: App,
) => Promise<{ fetch(request: Request): Promise<Response>; close(): Promise<void> }>;

export const own = 'https://app.example.test';
export const theme = defineCookie('theme', { maxAge: '30d' });

/** Ends as the query asks: with an answer, a redirect, a refusal or a crash. */
async function end(context: RequestContext<Data>, query: URLSearchParams): Promise<Answer> {
  switch (query.get('end')) {
    case 'redirect':
      return { redirect: '/elsewhere' };
    case 'refusal':
      return { body: { user: await context.requireUser({ fresh: '5m' }) } };
    case 'bad-gateway':
      if (query.has('keep')) context.keep();
      return { status: 502, body: { error: 'upstream' } };
    case 'failure-in-200':
      context.fail();
      return { body: { errors: ['failed'] } };
    case 'crash':
      throw new Error('a secret that belongs in no answer');
    default:
      return { body: { user: (await context.user()) ?? null } };
  }
}

const act: Route = async () => ({ body: { acted: true } });

export const routes: App['routes'] = {
  'GET /act': act,
  'POST /act': act,
  'PUT /act': act,
  'DELETE /act': act,
  'POST /form': async (_context, _query, body) => ({ body: { body: await body() } }),
  'GET /csrf': async (context) => ({ body: { token: await context.csrfToken() } }),
  'POST /csrf': async (context, query) => ({
    body: { valid: await context.verifyCsrf(query.get('token')) },
  }),
  'GET /json-with-cookie': async (context) => {
    context.cookies.set(theme, 'dark');
    return { body: { message: 'Cookie set in JSON response' } };
  },
  'GET /dropped-cookie': async () => ({ body: {}, headers: { 'set-cookie': 'a=1; SameSite=None' } }),
  'GET /note': async (context) => ({ body: { note: (await context.session()).get('note') ?? null } }),
  'POST /note': async (context, query) => {
    (await context.session()).set('note', query.get('text') ?? '');
    return end(context, query);
  },
  'GET /me': end,
  'GET /poll': async (context, query) => {
    (await context.session()).quiet();
    return end(context, query);
  },
  'GET /public': async (context) => ({
    body: { user: (await context.user()) ?? null },
    headers: { 'cache-control': 'public, max-age=60', vary: 'Accept-Language' },
  }),
  'POST /login': async (context, query) => {
    (await context.session()).login(query.get('user') ?? 'ada');
    return end(context, query);
  },
  'POST /logout': async (context, query) => {
    (await context.session()).logout();
    return end(context, query);
  },
  'GET /leave': async (context) => {
    (await context.session()).logout();
    context.cookies.delete(theme);
    return { redirect: '/' };
  },
  'POST /rotate': async (context, query) => {
    (await context.session()).rotate();
    return end(context, query);
  },
  'GET /theme': async (context) => ({ body: { theme: context.cookies.get(theme) ?? null } }),
  'POST /theme': async (context, query) => {
    context.cookies.set(theme, 'light');
    context.cookies.set(theme, query.get('theme') ?? 'dark');
    if (query.get('end') !== null) return end(context, query);
    return { body: { theme: context.cookies.get(theme) } };
  },
};

/** One app with a memory store, a clock to move, and counts of what was asked of the store. */
export function makeApp(options: Partial<App['options']> = {}) {
  const clock = testClock(Date.UTC(2026, 0, 1));
  const calls: string[] = [];
  const store = memoryStore();
  const sessions = createSessions<Data>({ store: counted(store, calls), clock });
  const events: ServerEvent[] = [];
  const app: App = {
    options: {
      sessions,
      origins: [own],
      onEvent: (event) => events.push(event),
      onWarning: false,
      ...options,
    },
    routes,
  };
  return { app, clock, store, calls, events };
}

/** The store itself, and a list of what it was asked. */
function counted(store: SessionStore, calls: string[]): SessionStore {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return Reflect.apply(method, target, args);
      };
    },
  });
}
