import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, keyRing } from 'hallpass/seal';
import { pipeline, type RequestContext } from 'hallpass/server';
import { type CommonOptions, createSessions, type SessionEvent, type Sessions } from 'hallpass/session';
import { sqliteRevocations, sqliteStore } from 'hallpass/stores/sqlite';
import { createTestClient, type TestClock, testClock } from 'hallpass/testing';

/** What the app keeps of a visitor. */
export interface Account {
  cart: string[];
  note: string;
}

/** How sessions are kept. */
export type Kept = 'stored' | 'sealed';

type Route = (context: RequestContext<Account>, form: URLSearchParams) => Promise<Response>;

const redirect = (to: string) => new Response(null, { status: 303, headers: { location: to } });

/** A small app with accounts. State changes by POST alone. */
const routes: Readonly<Record<string, Route>> = {
  'GET /login-page': async () => Response.json({ page: 'login' }),
  'POST /login': async (context, form) => {
    const user = form.get('user') ?? '';
    if (user === '') return Response.json({ error: 'Who are you?' }, { status: 422 });
    (await context.session()).login(user, { remember: form.has('remember') });
    return redirect('/profile');
  },
  'GET /profile': async (context) => {
    const user = await context.user();
    return user === undefined ? redirect('/login-page') : Response.json({ user });
  },
  'GET /session': async (context) => {
    const session = await context.session();
    return Response.json({ user: session.user ?? null, cart: session.get('cart') ?? [] });
  },
  'POST /logout': async (context) => {
    const session = await context.session();
    if (session.user === undefined) return Response.json({ message: 'You’re not logged in' });
    session.logout();
    return Response.json({ message: 'Logged out' });
  },
  'POST /cart': async (context, form) => {
    (await context.session()).update('cart', (cart = []) => [...cart, form.get('item') ?? '']);
    return Response.json({ added: true });
  },
  'POST /note': async (context, form) => {
    (await context.session()).set('note', form.get('note') ?? '');
    return Response.json({ noted: true });
  },
  'POST /renew': async (context) => {
    (await context.session()).rotate();
    return Response.json({ renewed: true });
  },
  'POST /password': async (context) => {
    await context.requireUser({ fresh: '5m' });
    return Response.json({ changed: true });
  },
  'GET /public': async () => Response.json({ public: true }),
};

/** The app, served to test clients over files of its own; a clock to move, and what sessions told. */
export interface Served {
  readonly sessions: Sessions<Account>;
  readonly clock: TestClock;
  readonly events: SessionEvent[];
  /** A browser of its own. Default: at https://testserver. */
  visitor(baseUrl?: string): Visitor;
  close(): Promise<void>;
}

export interface Visitor {
  readonly client: ReturnType<typeof createTestClient>;
  get(path: string): Promise<Response>;
  post(path: string, form?: Record<string, string>): Promise<Response>;
  login(user?: string, form?: Record<string, string>): Promise<Response>;
  /** Who the app takes the visitor for. */
  user(): Promise<string | null>;
  /** The Cookie header that the browser would send: what a thief copies. */
  cookie(): string;
}

export function serve(kept: Kept, options: Partial<CommonOptions<Account>> = {}): Served {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-account-'));
  const file = join(folder, 'sessions.db');
  const clock = testClock(Date.UTC(2026, 10, 21));
  const events: SessionEvent[] = [];
  const common = { clock, onEvent: (event: SessionEvent) => events.push(event), ...options };
  const kind = kept === 'stored' ? sqliteStore(file) : sqliteRevocations(file);
  const sessions =
    'read' in kind
      ? createSessions<Account>({ ...common, store: kind })
      : createSessions<Account>({ ...common, sealed: { keys: keyRing(generateKey()), revocations: kind } });

  const app = pipeline<Account>({ sessions, onWarning: false })(async (request, context) => {
    const { pathname } = new URL(request.url);
    const route = routes[`${request.method} ${pathname}`];
    if (route !== undefined) return route(context, new URLSearchParams(await request.text()));
    const others = Object.keys(routes).filter((key) => key.endsWith(` ${pathname}`));
    const allow = others.map((key) => key.split(' ')[0]).join();
    return others.length === 0
      ? new Response(null, { status: 404 })
      : new Response(null, { status: 405, headers: { allow } });
  });

  return {
    sessions,
    clock,
    events,
    visitor(baseUrl = 'https://testserver') {
      const client = createTestClient(app, { clock, baseUrl });
      const post = (path: string, form: Record<string, string> = {}) =>
        client.post(path, { body: new URLSearchParams(form) });
      return {
        client,
        get: (path) => client.get(path),
        post,
        login: (user = 'ada', form = {}) => post('/login', { user, ...form }),
        user: async () => ((await (await client.get('/session')).json()) as { user: string | null }).user,
        cookie: () => client.jar.header(baseUrl),
      };
    },
    async close() {
      await kind[Symbol.asyncDispose]?.();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Who a copied Cookie header stands for. */
export async function userOf({ sessions }: Served, cookie: string): Promise<string | undefined> {
  return (await sessions.open(cookie)).user;
}
