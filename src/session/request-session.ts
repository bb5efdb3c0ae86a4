import type { CookiePair } from '../cookie/header.ts';
import type { PendingSession } from '../cookie/host-sessions.ts';
import type { Awaitable } from '../crypto/index.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { SessionRecord } from '../store/contract.ts';
import type { Foreign } from './foreign.ts';
import type { LoginOptions, NotAdopted } from './types.ts';
import { Values } from './values.ts';

/** What is known of a session, wherever it is kept. */
export type SessionFacts = Omit<SessionRecord, 'hash' | 'prev' | 'prevUntil' | 'nonce'>;

/** Where a session stands, and until when. */
export type Standing = Pick<SessionFacts, 'selector' | 'gen' | 'idleAt' | 'absoluteAt'>;

/** The session that a cookie stands for. Beside it a backend keeps what its commit needs. */
export interface LoadedSession {
  readonly row: SessionFacts;
  /** True where the cookie came under a former name, or is sealed with a former key: it is given out again. */
  readonly isFormer?: boolean;
}

/** What the request came with, and what became of it. */
export interface Opened<Loaded extends LoadedSession = LoadedSession> {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why the visitor is known, or not. */
  readonly verdict: Verdict;
  /** True when a session cookie came, of whatever worth. */
  readonly cookieCame: boolean;
  /** True when the store did not answer and the visitor is anonymous for that reason alone. */
  readonly storeAway: boolean;
  /** The selector of a session whose cookie this was until a login or a rotation, and so lately that the request may have been under way. */
  readonly late?: string;
  readonly device?: string;
  /** True for one that was opened again without its cookie: no answer waits for it. */
  readonly isReopened?: boolean;
  readonly loaded?: Loaded;
  /** Other session cookies that came and do not count. */
  readonly others?: readonly CookiePair[];
  /** The session of another library that came with it. */
  readonly foreign?: Foreign;
  /** Asks for the session of another library that came beside one of ours. */
  readonly askForeign?: () => Awaitable<Foreign | NotAdopted | undefined>;
  readonly values: Values;
}

/** A sign-in that the handler meant. */
export interface Login extends Pick<LoginOptions, 'remember'> {
  readonly userId: string;
  readonly externalIds?: readonly string[];
  /** When another library authenticated the user, in ms since 1970. Default: now, by this login. */
  readonly authenticatedAt?: number;
  /** True when the user signed in to another library, and not now. */
  readonly adopted?: boolean;
}

/** One visitor's session during one request: intents, which `commit` turns into one store call. */
export class RequestSession<Loaded extends LoadedSession = LoadedSession> {
  opened: Opened<Loaded>;
  values: Values;
  login: Login | undefined;
  rotating = false;
  /** Where the session is found from now on, once a commit has made or authorized it. */
  committed: Standing | undefined;
  /** True: this request is no use of the session, and renews nothing. */
  quiet = false;
  /** Headers of the answer that the session is committed with. */
  headers: readonly (readonly [name: string, value: string])[] = [];
  #loggedOut = false;
  /** Another user takes the visitor's place, so the row goes. */
  #replaced = false;
  /** What comes of the session of another library is settled: it is taken over already, or is not to be. */
  #adoptionSettled = false;
  #closed = false;
  /** A pipeline commits it with its answer. */
  #claimed = false;
  /** It came with a request that has no answer. */
  #isForReading = false;

  constructor(opened: Opened<Loaded>) {
    this.opened = opened;
    this.values = opened.values;
    const adopted = this.adopting?.adopted;
    if (adopted?.user === undefined) return;
    const { user, remember, authenticatedAt = 0 } = adopted;
    this.login = { userId: user, remember, authenticatedAt, adopted: true };
  }

  /** The session of another library that the commit takes over. */
  get adopting(): Foreign | undefined {
    const isSettled = this.#adoptionSettled || this.ended || this.opened.loaded !== undefined;
    return isSettled ? undefined : this.opened.foreign;
  }

  /** The session of another library was taken over by another request; this one goes on in that session, where it stands. */
  async joinAdopted(loaded: Loaded | undefined): Promise<void> {
    this.#adoptionSettled = true;
    if (this.login?.adopted) this.login = undefined;
    if (loaded === undefined) this.values = await this.values.detached();
    else this.opened = { ...this.opened, loaded };
  }

  /** What this request goes on with. */
  get loaded(): Loaded | undefined {
    return this.ended ? undefined : this.opened.loaded;
  }

  get row(): SessionFacts | undefined {
    return this.loaded?.row;
  }

  get ended(): boolean {
    return this.#loggedOut || this.#replaced;
  }

  /** True when the cookie in the browser is to go. */
  get loggedOut(): boolean {
    return this.#loggedOut;
  }

  get user(): string | undefined {
    return this.login?.userId ?? this.row?.userId ?? undefined;
  }

  /** A login over another user's session starts empty. */
  logIn(login: Login): void {
    this.assertOpen();
    this.#assertAnswer();
    if (this.user !== undefined && this.user !== login.userId) {
      this.#replaced = true;
      this.values = new Values();
    }
    this.login = login;
  }

  logOut(): void {
    this.assertOpen();
    this.#loggedOut = true;
    this.values = new Values();
    this.login = undefined;
    this.rotating = false;
  }

  rotate(): void {
    this.assertOpen();
    this.#assertAnswer();
    this.rotating = true;
  }

  /** What the request came with, and what the commit would do. */
  get pending(): PendingSession {
    const { cookieCame, foreign } = this.opened;
    const cameWithNothing = !cookieCame && foreign === undefined;
    const signsIn = this.login !== undefined && this.login.adopted !== true;
    const signsOut = this.#loggedOut && !cameWithNothing;
    const rotates = this.rotating && this.loaded !== undefined;
    return { cameWithNothing, signsIn, changesSignIn: signsIn || signsOut || rotates };
  }

  /** Forgets what a failed request wrote; what makes the visitor safer stays. True when there was something to forget. */
  abandon(): boolean {
    this.assertOpen();
    const hadIntents = this.login !== undefined || this.#replaced || this.#hasWrites();
    this.login = undefined;
    this.#replaced = false;
    this.#adoptionSettled = true;
    this.headers = [];
    this.values = this.row === undefined ? new Values() : this.opened.values.untouched();
    return hadIntents;
  }

  #hasWrites(): boolean {
    try {
      const changes = this.values.changes();
      return Object.keys(changes.set).length + changes.delete.length > 0;
    } catch {
      return true; // A write that JSON would lose.
    }
  }

  #assertAnswer(): void {
    if (!this.opened.isReopened) return;
    throw new TypeError(
      'A session that was opened again has no answer for its cookie: sign in and rotate with the session of a request.',
    );
  }

  /** @throws TypeError where a write would be lost. */
  assertOpen(): void {
    if (this.#isForReading)
      throw new TypeError(
        'An upgrade has no answer that could carry a session: write to it in a request of its own, or open it again by sessions.reopen, and sign out by sessions.revoke.',
      );
    if (!this.#closed) return;
    throw new TypeError(
      'This session is committed, and the response on its way: write to the session before that.',
    );
  }

  /** @throws TypeError as {@link assertOpen}, and where a write would begin a session whose cookie nobody gets. */
  assertWritable(): void {
    this.assertOpen();
    if (!this.opened.isReopened || !this.#loggedOut) return;
    throw new TypeError(
      'A session that was opened again and signed out takes no write: it has no answer for the cookie of another one.',
    );
  }

  /**
   * From here on the pipeline that opened it commits it, and nobody else.
   * @param isForReading true: not even the pipeline, for there is no answer
   */
  claim(isForReading = false): void {
    this.#claimed = true;
    this.#isForReading = isForReading;
  }

  /** @throws TypeError where a pipeline commits it: its cookie would miss the answer. */
  assertUnclaimed(): void {
    if (!this.#claimed) return;
    throw new TypeError(
      'The pipeline that opened this session commits it with its answer: write to it and leave it there. sessions.commit is for what sessions.open or sessions.reopen gave.',
    );
  }

  /** From here on it is being committed, and takes in no more. @throws as {@link assertOpen} */
  close(): void {
    this.assertOpen();
    this.#closed = true;
  }

  /** The commit failed, and may be tried again. */
  reopen(): void {
    this.#closed = false;
  }
}
