import type { NextFunction, Request, Response } from 'express';
import { checkOptions, expectType, refuseOwnCall } from '../../errors/misuse.ts';
import type { ContextAccess } from '../node/context-access.ts';
import type { Incoming } from '../node/messages.ts';

type OurSession = Awaited<ReturnType<ContextAccess<Incoming, Record<string, unknown>, object>['session']>>;

type Done = (error?: unknown) => void;

/** `req.session` with what other middleware calls of express-session's. All else in it is data. */
export interface ExpressSession {
  /** Names the session in lists, no secret. `''` while nothing is stored. */
  readonly id: string;
  /**
   * When the session ends without another request. What is set here is a TypeError: how long sessions last is an option of
   * `createSessions`, and "remember me" is `(await pass.session(req)).login(user, { remember: true })`.
   */
  readonly cookie: { readonly expires: Date };
  /** Ends the session, and puts an empty one into `req.session`. */
  regenerate(done: Done): this;
  /** Signs in whom the data names, under a new cookie. All is stored with the answer, before anything of that is sent. */
  save(done?: Done): this;
  /** Ends the session. There is no `req.session` any more. */
  destroy(done?: Done): this;
  /** Nothing: it is read once for a request. */
  reload(done: Done): this;
  /** Nothing: a session is renewed by being read. */
  touch(): this;
  [key: string]: unknown;
}

/** Options of {@link expressSession}. */
export interface ExpressSessionOptions {
  /**
   * Who is signed in by the data of a session, once it is saved: a text or a number. Default: `data.passport?.user`, where
   * passport puts what its `serializeUser` gives.
   */
  user?(data: Readonly<Record<string, unknown>>): unknown;
}

interface SessionHome {
  session?: unknown;
  sessionID?: unknown;
}

const views = new WeakSet<object>();

/**
 * `req.session` as express-session has it, over a session of ours, for passport and what else calls `regenerate`, `save`,
 * `destroy` and `touch`: `app.use(pass, expressSession(pass), passport.session())`. It reads the session at every request that comes by.
 * A login of passport is one of ours (`pass.user(req)`, `sessions.list(user)`), under a new cookie, and its logout ends the session.
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { expressSession, hallpass } from 'hallpass/express';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { createTestClient } from 'hallpass/testing';
 * import passport from 'passport';
 *
 * passport.use('door', { authenticate() { this.success({ id: 'ada' }); } });
 * passport.serializeUser((user, done) => done(null, (user as { id: string }).id));
 * passport.deserializeUser((id, done) => done(null, { id }));
 *
 * const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: ['https://testserver'] });
 * const app = express();
 * app.use(pass, expressSession(pass), passport.session());
 * app.post('/login', passport.authenticate('door'), (req, res) => res.json(req.user));
 * app.get('/me', async (req, res) => res.json([req.user, await pass.user(req)]));
 *
 * const visitor = createTestClient(app);
 * await visitor.post('/login');
 * console.log(await visitor.get('/me').text()); // → [{"id":"ada"},"ada"]
 * ```
 */
export function expressSession<Data extends object>(
  middleware: Pick<ContextAccess<Incoming, Data, object>, 'session'>,
  options: ExpressSessionOptions = {},
): (req: Request, res: Response, next: NextFunction) => void {
  expectType(middleware?.session, 'function', 'session of the pass of expressSession(pass, options)');
  checkOptions(options, { user: 'function' }, 'expressSession');
  const userOf = options.user ?? passportUser;
  return (req, _res, next) => {
    if (typeof req?.headers !== 'object' || typeof next !== 'function')
      refuseOwnCall('app.use(pass, expressSession(pass))');
    const home = req as SessionHome;
    if (typeof home.session === 'object' && home.session !== null) {
      if (views.has(home.session)) return next();
      throw new TypeError(
        'req.session is there already: mount expressSession(pass) or express-session, not both.',
      );
    }
    middleware
      .session(req)
      .then((session) => {
        home.session = viewOf(session as unknown as OurSession, home, userOf);
        Object.defineProperty(home, 'sessionID', { configurable: true, get: () => session.id });
        next();
      })
      .catch(next);
  };
}

function passportUser({ passport }: Readonly<Record<string, unknown>>): unknown {
  return (passport as { user?: unknown } | undefined)?.user;
}

/** The session as `req.session` of this request, until that is another one: what was kept of it then is data of the past. */
function viewOf(
  session: OurSession,
  home: SessionHome,
  userOf: (data: Readonly<Record<string, unknown>>) => unknown,
): ExpressSession {
  let { data } = session;
  const end = () => {
    data = { ...data };
    session.logout();
  };
  const doing = (work: () => void, done: Done | undefined): ExpressSession => {
    try {
      work();
    } catch (error) {
      if (done === undefined) throw error;
      done(error);
      return view;
    }
    done?.();
    return view;
  };
  const members = {
    id: '',
    cookie: cookieOf(session),
    regenerate: (done: Done) =>
      doing(() => {
        end();
        home.session = viewOf(session, home, userOf);
      }, done),
    save: (done?: Done) => doing(() => logIn(session, userOf(session.data)), done),
    destroy: (done?: Done) =>
      doing(() => {
        end();
        home.session = undefined;
      }, done),
    reload: (done: Done) => doing(() => {}, done),
    touch: () => view,
  };
  const view: ExpressSession = new Proxy<object>(members, {
    // No getter above: an object that is made with one outlives the collections of young objects.
    get: (_, key) => (key === 'id' ? session.id : Reflect.get(key in members ? members : data, key)),
    has: (_, key) => key in members || key in data,
    set: (_, key, value) =>
      key === 'cookie' ? refuseCookieChange() : !(key in members) && Reflect.set(data, key, value),
    deleteProperty: (_, key) => !(key in members) && Reflect.deleteProperty(data, key),
    // Whoever copies a session copies its data.
    ownKeys: () => Reflect.ownKeys(data),
    getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(data, key),
    defineProperty: (_, key, how) => !(key in members) && Reflect.defineProperty(data, key, how),
  }) as ExpressSession;
  views.add(view);
  return view;
}

function cookieOf(session: OurSession): ExpressSession['cookie'] {
  return new Proxy({} as ExpressSession['cookie'], {
    get: (_, key) => (key === 'expires' ? new Date(session.expiresAt) : undefined),
    set: refuseCookieChange,
  });
}

function refuseCookieChange(): never {
  throw new TypeError(
    'req.session.cookie cannot be set: how long sessions last is an option of createSessions, and "remember me" is (await pass.session(req)).login(user, { remember: true }).',
  );
}

/** @throws TypeError for a user that is no text and no number */
function logIn(session: OurSession, user: unknown): void {
  if (user === undefined || user === null) return;
  if (typeof user !== 'string' && typeof user !== 'number') {
    throw new TypeError(
      'The user of a session is named by a text: let serializeUser give the id, or expressSession(pass, { user: (data) => data.passport?.user.id }).',
    );
  }
  if (session.user !== String(user)) session.login(String(user));
}
