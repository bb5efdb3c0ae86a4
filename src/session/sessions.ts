import { provideHostSessions, type SessionHead } from '../cookie/host-sessions.ts';
import { expectTarget, type RequestSource, type ResponseTarget } from '../cookie/request-source.ts';
import { withSetCookie } from '../cookie/set-lines.ts';
import type { Awaitable } from '../crypto/index.ts';
import { detached, refuseDetached } from '../errors/detached.ts';
import { checkOptions } from '../errors/misuse.ts';
import { allowed } from '../scope/verdict.ts';
import { isPromised } from '../time/is-promised.ts';
import { commitAdopted, concernsForeign } from './adopt.ts';
import type { Backend } from './backend.ts';
import { commit } from './commit.ts';
import { openSession, valuesOf } from './open.ts';
import { type LoadedSession, type Opened, RequestSession, type Standing } from './request-session.ts';
import { OpenSession, reservedValues, sessionBehind } from './session.ts';
import { nowOf, type Settings } from './settings.ts';
import type { RequestFacts, Session, Sessions, SessionView, ViewOptions } from './types.ts';
import { LiveView, viewShape } from './view.ts';

interface SessionContext<Loaded extends LoadedSession> {
  readonly settings: Settings;
  readonly backend: Backend<Loaded>;
}

/** Opens and commits sessions, wherever they are kept. */
export class SessionManager<Data extends object, Loaded extends LoadedSession> implements Sessions<Data> {
  readonly #settings: Settings;
  readonly #backend: Backend<Loaded>;
  readonly #context: SessionContext<Loaded>;

  constructor(settings: Settings, backend: Backend<Loaded>) {
    this.#settings = settings;
    this.#backend = backend;
    this.#context = { settings, backend };
    provideHostSessions(this, {
      cookie: settings.cookie,
      open: (from, facts) => this.#open(from, facts),
      claim: (session, isForReading) => sessionBehind(session, backend).claim(isForReading),
      commit: (session) => this.#commitToHead(session),
      abandon: (session) => sessionBehind(session, backend).abandon(),
      reserved: reservedValues,
      pending: (session) => sessionBehind(session, backend).pending,
    });
  }

  static {
    refuseDetached(SessionManager, (object) => #context in object, 'sessions', { but: ['open', 'commit'] });
  }

  static #contextOf<Data extends object, Loaded extends LoadedSession>(
    manager: SessionManager<Data, Loaded>,
    use: string,
  ): SessionContext<Loaded> {
    try {
      return manager.#context;
    } catch {
      throw detached(use, 'sessions');
    }
  }

  async open(from: RequestSource, facts: RequestFacts = {}): Promise<Session<Data>> {
    SessionManager.#contextOf(this, 'open(…)');
    const opening = this.#open(from, facts);
    return isPromised(opening) ? await opening : opening;
  }

  #open(from: RequestSource, facts: RequestFacts): Awaitable<Session<Data>> {
    const { settings, backend } = this.#context;
    const opening = openSession(settings, backend, from, nowOf(settings), facts);
    return isPromised(opening) ? opening.then((opened) => this.#sessionOf(opened)) : this.#sessionOf(opening);
  }

  #sessionOf(opened: Opened<Loaded>): Session<Data> {
    return new OpenSession<Data, Loaded>(new RequestSession(opened), this.#backend, this.#settings);
  }

  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: ResponseTarget): Promise<readonly string[]>;
  async commit(session: Session<Data>, to?: Response | Headers | ResponseTarget): Promise<unknown> {
    const { backend } = SessionManager.#contextOf(this, 'commit(…)');
    if (to !== undefined) expectTarget(to);
    sessionBehind(session, backend).assertUnclaimed();
    const committing = this.#commitToHead(session);
    const { cookies, headers } = isPromised(committing) ? await committing : committing;
    if (to === undefined) return cookies;
    const answer = withSetCookie(to, cookies, headers);
    return 'headers' in answer || 'getSetCookie' in answer ? answer : cookies;
  }

  #commitToHead(session: object): Awaitable<SessionHead> {
    const closing = sessionBehind(session, this.#backend);
    closing.close();
    try {
      const committing = this.#commit(closing);
      return isPromised(committing)
        ? this.#headOf(closing, committing)
        : { cookies: committing, headers: closing.headers };
    } catch (error) {
      closing.reopen();
      throw error;
    }
  }

  async #headOf(
    closing: RequestSession<Loaded>,
    committing: Promise<readonly string[]>,
  ): Promise<SessionHead> {
    try {
      return { cookies: await committing, headers: closing.headers };
    } catch (error) {
      closing.reopen();
      throw error;
    }
  }

  view(session: Session<Data>, options: ViewOptions = {}): SessionView<Data> {
    checkOptions(options, viewShape, 'sessions.view');
    const { login, ended, row } = sessionBehind(session, this.#backend);
    if (login !== undefined || ended) {
      throw new TypeError(
        'A view is of the session that its request came with: sign in or out with another request, before this one.',
      );
    }
    return new LiveView(session, row, this.#backend.check.bind(this.#backend), this.#settings, options);
  }

  #commit(session: RequestSession<Loaded>): Awaitable<readonly string[]> {
    const now = nowOf(this.#settings);
    if (!concernsForeign(session)) return this.#write(session, now);
    const { settings, backend } = this.#context;
    return commitAdopted({ settings, backend, now }, session, () => this.#write(session, now));
  }

  #write(session: RequestSession<Loaded>, now: number): Awaitable<readonly string[]> {
    const { cookie } = this.#settings;
    const change = commit(this.#context, session, now);
    return isPromised(change)
      ? change.then((changed) => cookie.lines(changed, now))
      : cookie.lines(change, now);
  }
}

/** Where the session of a request or a view stands now; `undefined` where nothing is stored. */
export function standingOf<Loaded extends LoadedSession>(
  session: object,
  settings: Settings,
  backend: Backend<Loaded>,
): Standing | undefined {
  const viewed = LiveView.standingOf(session, settings);
  if (viewed !== 'no view') return viewed;
  const { committed, row } = sessionBehind(session, backend);
  return committed ?? row;
}

/** A session that no cookie came for. */
export async function openAgain<Data extends object, Loaded extends LoadedSession>(
  loaded: Loaded,
  settings: Settings,
  backend: Backend<Loaded>,
  now: number,
): Promise<Session<Data>> {
  const values = await valuesOf(settings, loaded.row);
  const facts = { at: now, cookieCame: false, storeAway: false, verdict: allowed, isReopened: true };
  const session = new RequestSession<Loaded>({ ...facts, loaded, values, device: loaded.row.device });
  session.quiet = true;
  return new OpenSession<Data, Loaded>(session, backend, settings);
}
