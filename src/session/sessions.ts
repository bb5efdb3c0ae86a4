import { provideHostSessions } from '../cookie/host-sessions.ts';
import { expectTarget, type RequestSource, type ResponseTarget } from '../cookie/request-source.ts';
import { withSetCookie } from '../cookie/set-lines.ts';
import { type Awaitable, after } from '../crypto/index.ts';
import { commitAdopted, concernsForeign } from './adopt.ts';
import type { Backend } from './backend.ts';
import { commit, forestall } from './commit.ts';
import type { Foreign } from './foreign.ts';
import { openSession } from './open.ts';
import { type LoadedSession, RequestSession } from './request-session.ts';
import { OpenSession } from './session.ts';
import type { Settings } from './settings.ts';
import type { RequestFacts, Session, Sessions, SessionView, ViewOptions } from './types.ts';
import { LiveView } from './view.ts';

/** Opens and commits sessions, wherever they are kept. */
export class SessionManager<Data extends object, Loaded extends LoadedSession> implements Sessions<Data> {
  readonly #settings: Settings;
  readonly #backend: Backend<Loaded>;

  constructor(settings: Settings, backend: Backend<Loaded>) {
    this.#settings = settings;
    this.#backend = backend;
    provideHostSessions(this, {
      cookie: settings.cookie,
      commit: (session) => this.#commitToLines(session),
      abandon: (session) => OpenSession.behind(session, backend).abandon(),
    });
  }

  async open(from: RequestSource, facts: RequestFacts = {}): Promise<Session<Data>> {
    const opening = openSession(this.#settings, this.#backend, from, this.now(), facts);
    const opened = opening instanceof Promise ? await opening : opening;
    return new OpenSession<Data, Loaded>(new RequestSession(opened), this.#backend, this.#settings);
  }

  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: ResponseTarget): Promise<readonly string[]>;
  async commit(session: Session<Data>, to?: Response | Headers | ResponseTarget): Promise<unknown> {
    if (to !== undefined) expectTarget(to);
    const committing = this.#commitToLines(session);
    const lines = committing instanceof Promise ? await committing : committing;
    if (to === undefined) return lines;
    if ('headers' in to || 'getSetCookie' in to) return lines.length === 0 ? to : withSetCookie(to, lines);
    for (const line of lines) to.append('Set-Cookie', line);
    return lines;
  }

  #commitToLines(session: object): Awaitable<readonly string[]> {
    const closing = OpenSession.behind(session, this.#backend);
    closing.close();
    const reopen = (error: unknown): never => {
      closing.reopen();
      throw error;
    };
    try {
      const committing = this.#commit(closing);
      return committing instanceof Promise ? committing.catch(reopen) : committing;
    } catch (error) {
      return reopen(error);
    }
  }

  view(session: Session<Data>, options: ViewOptions = {}): SessionView<Data> {
    const { login, ended, row } = OpenSession.behind(session, this.#backend);
    if (login !== undefined || ended) {
      throw new TypeError(
        'A view is of the session that its request came with: sign in or out with another request, before this one.',
      );
    }
    return new LiveView(session, row, this.#backend.check.bind(this.#backend), this.#settings, options);
  }

  protected now(): number {
    return Math.trunc(this.#settings.clock.now());
  }

  #commit(session: RequestSession<Loaded>): Awaitable<readonly string[]> {
    const [settings, backend, now] = [this.#settings, this.#backend, this.now()];
    const write = () =>
      after(commit({ settings, backend }, session, now), (change) => settings.cookie.lines(change, now));
    if (!concernsForeign(session)) return write();
    const stop = (foreign: Foreign) => forestall({ settings, backend }, foreign, session.opened.device, now);
    return commitAdopted(settings, session, stop, write);
  }
}
