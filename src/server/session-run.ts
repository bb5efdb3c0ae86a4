import type { HostSessions, PendingSession, SessionHead } from '../cookie/host-sessions.ts';
import { ignore } from '../errors/ignore.ts';
import type { RequestFacts, Session, Sessions } from '../session/types.ts';
import type { Exchange } from './exchange.ts';

/** Characters of User-Agent that a session keeps for the device list: anybody may send any length. */
const longestDevice = 256;

const noHead: SessionHead = { cookies: [], headers: [] };

/** The session of one request, from its opening to its commit. */
export class SessionRun<Data extends object> {
  /** Settles when the session is open, or could not be opened. */
  readonly opening: Promise<Session<Data>>;
  /** What it gives to the answer, once it is committed. */
  head: SessionHead = noHead;
  /** True when somebody is signed in by the answer. */
  leavesSignedIn = false;
  readonly #hostSessions: HostSessions;
  #session: Session<Data> | undefined;
  #cameSignedIn = false;
  #isCommitted = false;

  constructor(
    sessions: Sessions<Data>,
    hostSessions: HostSessions,
    exchange: Exchange,
    address: string | undefined,
  ) {
    this.#hostSessions = hostSessions;
    const device = exchange.header('user-agent')?.slice(0, longestDevice);
    const facts: RequestFacts = { device, address };
    this.opening = sessions.open(exchange.header('cookie'), facts);
    this.opening.then((session) => this.#opened(session), ignore);
  }

  #opened(session: Session<Data>): void {
    this.#session = session;
    try {
      this.#cameSignedIn = session.user !== undefined;
      this.#hostSessions.claim(session);
    } catch {
      // The commit says what is wrong with a session that is not theirs.
    }
  }

  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** True when the answer signs a user out. */
  get signsOut(): boolean {
    return this.#isCommitted && this.#cameSignedIn && !this.leavesSignedIn;
  }

  /**
   * Drops what was written and a login, keeps a logout and a rotation.
   * @returns true when there was something to drop
   */
  abandon(): boolean {
    return this.#session !== undefined && this.#hostSessions.abandon(this.#session);
  }

  /** The id of the signed-in user. */
  get user(): string | undefined {
    return this.#session?.user;
  }

  /** What the commit would do; `undefined` while it is not open. */
  get pending(): PendingSession | undefined {
    return this.#session && this.#hostSessions.pending(this.#session);
  }

  /** One store call; `undefined` when there is nothing to wait for. */
  commit(): Promise<void> | undefined {
    const session = this.#session;
    if (session === undefined) return undefined;
    try {
      const head = this.#hostSessions.commit(session);
      if (head instanceof Promise) return head.then((written) => this.#committed(session, written));
      this.#committed(session, head);
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #committed(session: Session<Data>, head: SessionHead): void {
    this.#isCommitted = true;
    this.head = head;
    this.leavesSignedIn = session.user !== undefined;
  }
}
