import type { HostSessions, PendingSession, SessionHead } from '../cookie/host-sessions.ts';
import type { Awaitable } from '../crypto/index.ts';
import { ignore } from '../errors/ignore.ts';
import type { Session } from '../session/types.ts';
import { isPromised } from '../time/is-promised.ts';
import type { Exchange } from './exchange.ts';

/** Characters of User-Agent that a session keeps for the device list: anybody may send any length. */
const longestDevice = 256;

const noHead: SessionHead = { cookies: [], headers: [] };

/** The session of one request, from its opening to its commit. */
export class SessionRun<Data extends object> {
  /** Settles when the session is open, or could not be opened. A handler gets it from `ask`. */
  readonly opening: Promise<Session<Data>>;
  /** What it gives to the answer, once it is committed. */
  head: SessionHead = noHead;
  /** True when somebody is signed in by the answer. */
  leavesSignedIn = false;
  readonly #hostSessions: HostSessions;
  readonly #isForReading: boolean;
  #session: Session<Data> | undefined;
  #cameSignedIn = false;
  #isCommitted = false;
  /** How many asked for it and have not had a turn with it. */
  #asking = 0;
  readonly #answered = (): void => {
    this.#asking -= 1;
  };

  /** @param isForReading true: nothing is committed, for there is no answer */
  constructor(
    hostSessions: HostSessions,
    exchange: Exchange,
    address: string | undefined,
    isForReading: boolean,
  ) {
    this.#hostSessions = hostSessions;
    this.#isForReading = isForReading;
    const device = exchange.header('user-agent')?.slice(0, longestDevice);
    try {
      const opening = hostSessions.open(exchange.header('cookie'), { device, address }) as Awaitable<
        Session<Data>
      >;
      if (isPromised(opening)) {
        this.opening = opening;
        opening.then((session) => this.#opened(session), ignore);
        return;
      }
      // No promise is waited for that is there already. Bench row: Express, hallpass.
      this.#opened(opening);
      this.opening = Promise.resolve(opening);
    } catch (error) {
      this.opening = Promise.reject(error);
      this.opening.catch(ignore);
    }
  }

  #opened(session: Session<Data>): void {
    this.#session = session;
    try {
      this.#cameSignedIn = session.user !== undefined;
      this.#hostSessions.claim(session, this.#isForReading);
    } catch {
      // The commit says what is wrong with a session that is not theirs.
    }
  }

  /** `opening` for a handler. An answer that ends before its turn has come waits for what it does in it, whether it waits or not. */
  ask(): Promise<Session<Data>> {
    this.#asking += 1;
    this.opening.then(this.#answered, this.#answered);
    return this.opening;
  }

  /** True when the session is open, and whoever asked for it has had a turn with it. */
  get isSettled(): boolean {
    return this.#asking === 0 && this.#session !== undefined;
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
      if (isPromised(head)) return head.then((written) => this.#committed(session, written));
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
