import { provideHostSessions } from '../cookie/host-sessions.ts';
import type { RequestSource, ResponseTarget } from '../cookie/request-source.ts';
import { withSetCookie } from '../cookie/set-lines.ts';
import { type Awaitable, after } from '../crypto/index.ts';
import { maxCookieLifetime } from '../scope/admit.ts';
import { commitAdopted } from './adopt.ts';
import type { Backend } from './backend.ts';
import type { Emission } from './emission.ts';
import { openSession } from './open.ts';
import { OpenSession } from './session.ts';
import type { Settings } from './settings.ts';
import { type Found, SessionState } from './state.ts';
import type { RequestFacts, Session, Sessions, SessionView, ViewOptions } from './types.ts';
import { LiveView } from './view.ts';

/** Opens and commits sessions, wherever they are kept. */
export class SessionManager<Data extends object, Kept extends Found> implements Sessions<Data> {
  readonly #settings: Settings;
  readonly #backend: Backend<Kept>;

  constructor(settings: Settings, backend: Backend<Kept>) {
    this.#settings = settings;
    this.#backend = backend;
    provideHostSessions(this, {
      cookie: settings.cookie,
      commitLines: (session) => this.#commitLines(session),
      abandon: (session) => OpenSession.stateOf(session, backend).abandon(),
    });
  }

  async open(from: RequestSource, facts: RequestFacts = {}): Promise<Session<Data>> {
    const opening = openSession(this.#settings, this.#backend, from, this.now(), facts);
    const opened = opening instanceof Promise ? await opening : opening;
    return new OpenSession<Data, Kept>(new SessionState(opened), this.#backend, this.#settings);
  }

  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: ResponseTarget): Promise<readonly string[]>;
  async commit(session: Session<Data>, to?: Response | Headers | ResponseTarget): Promise<unknown> {
    const committing = this.#commitLines(session);
    const lines = committing instanceof Promise ? await committing : committing;
    if (to === undefined) return lines;
    if ('headers' in to || 'getSetCookie' in to) return lines.length === 0 ? to : withSetCookie(to, lines);
    for (const line of lines) to.append('Set-Cookie', line);
    return lines;
  }

  #commitLines(session: object): Awaitable<readonly string[]> {
    const state = OpenSession.stateOf(session, this.#backend);
    state.close();
    const reopen = (error: unknown): never => {
      state.reopen();
      throw error;
    };
    try {
      const committing = this.#commit(state);
      return committing instanceof Promise ? committing.catch(reopen) : committing;
    } catch (error) {
      return reopen(error);
    }
  }

  view(session: Session<Data>, options: ViewOptions = {}): SessionView<Data> {
    const { login, ended, row } = OpenSession.stateOf(session, this.#backend);
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

  #commit(state: SessionState<Kept>): Awaitable<readonly string[]> {
    const now = this.now();
    const { foreign } = state.opened;
    const commit = () => after(this.#backend.commit(state, now), (emission) => this.#lines(emission, now));
    return foreign === undefined ? commit() : commitAdopted(this.#settings, state, foreign, commit);
  }

  #lines(emission: Emission, now: number): readonly string[] {
    const { cookie } = this.#settings;
    if (emission === undefined) return [];
    if (emission === 'erase') return cookie.erase();
    const { value, until } = emission;
    // The session ran out while the request was under way, and an end like that clears no cookie.
    if (until !== null && until <= now) return [];
    // The clock may be behind that of the server that named the deadline.
    const life = until === null ? null : Math.min(until - now, maxCookieLifetime);
    return cookie.write(value, life === null ? null : Math.ceil(life / 1000));
  }
}
