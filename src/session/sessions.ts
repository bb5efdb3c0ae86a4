import { withSetCookie } from '../cookie/set-lines.ts';
import type { CookieAttributes, CookieSource } from '../cookie/types.ts';
import { commitAdopted } from './adopt.ts';
import type { Backend } from './backend.ts';
import type { Emission } from './emission.ts';
import { openSession } from './open.ts';
import { OpenSession } from './session.ts';
import type { Settings } from './settings.ts';
import { type Found, SessionState } from './state.ts';
import type { HeaderSink, Session, Sessions, SessionView, ViewOptions, Visitor } from './types.ts';
import { LiveView } from './view.ts';

/** Opens and commits sessions, wherever they are kept. */
export class SessionManager<Data extends object, Kept extends Found> implements Sessions<Data> {
  readonly #settings: Settings;
  readonly #backend: Backend<Kept>;

  constructor(settings: Settings, backend: Backend<Kept>) {
    this.#settings = settings;
    this.#backend = backend;
  }

  get cookie(): { readonly name: string; readonly attributes: Readonly<CookieAttributes> } {
    const { name, attributes } = this.#settings.cookie;
    return { name, attributes };
  }

  async open(from: CookieSource, visitor: Visitor = {}): Promise<Session<Data>> {
    const opened = await openSession(this.#settings, this.#backend, from, this.now(), visitor);
    return new OpenSession<Data, Kept>(new SessionState(opened), this.#backend, this.#settings);
  }

  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: HeaderSink): Promise<readonly string[]>;
  async commit(session: Session<Data>, to?: Response | Headers | HeaderSink): Promise<unknown> {
    const state = OpenSession.stateOf(session, this.#backend);
    state.assertOpen();
    const lines = await this.#commit(state);
    state.close();
    if (to === undefined) return lines;
    if ('headers' in to || 'getSetCookie' in to) return lines.length === 0 ? to : withSetCookie(to, lines);
    for (const line of lines) to.append('Set-Cookie', line);
    return lines;
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

  abandon(session: Session<Data>): void {
    const state = OpenSession.stateOf(session, this.#backend);
    state.assertOpen();
    state.abandon();
  }

  protected now(): number {
    return Math.trunc(this.#settings.clock.now());
  }

  async #commit(state: SessionState<Kept>): Promise<readonly string[]> {
    const now = this.now();
    const { foreign } = state.opened;
    const commit = async () => this.#lines(await this.#backend.commit(state, now), now);
    return foreign === undefined ? commit() : commitAdopted(this.#settings, state, foreign, commit);
  }

  #lines(emission: Emission, now: number): readonly string[] {
    const { cookie } = this.#settings;
    if (emission === undefined) return [];
    if (emission === 'erase') return cookie.erase();
    const { value, until } = emission;
    return cookie.write(value, until === null ? null : Math.ceil((until - now) / 1000));
  }
}
