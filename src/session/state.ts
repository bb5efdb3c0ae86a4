import { HallpassError } from '../errors.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { SessionRecord } from '../store/contract.ts';
import type { LoginOptions } from './types.ts';
import { Values } from './values.ts';

/** What the request came with, and what the store said to it. */
export interface Opened {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why the visitor is known, or not. */
  readonly verdict: Verdict;
  /** True when a session cookie came, of whatever worth. */
  readonly cookieCame: boolean;
  /** True when the store did not answer and the visitor is anonymous for that reason alone. */
  readonly storeAway: boolean;
  readonly device?: string;
  readonly row?: SessionRecord;
  /** The verifier that proved the visitor; there when the row is. */
  readonly verifier?: string;
  /** The present verifier, when the visitor came with the one before it. */
  readonly successor?: string;
  readonly values: Values;
}

export interface LoginIntent extends LoginOptions {
  readonly userId: string;
}

/** One visitor's session during one request: intents, which `commit` turns into one store call. */
export class SessionState {
  readonly opened: Opened;
  values: Values;
  login: LoginIntent | undefined;
  rotating = false;
  /** The selector that `commit` gave to a new row. */
  selector: string | undefined;
  #loggedOut = false;
  /** Another user takes the visitor's place, so the row goes. */
  #replaced = false;
  #committed = false;

  constructor(opened: Opened) {
    this.opened = opened;
    this.values = opened.values;
  }

  /** The row that this request goes on with. */
  get row(): SessionRecord | undefined {
    return this.ended ? undefined : this.opened.row;
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
  logIn(intent: LoginIntent): void {
    this.assertOpen();
    if (this.user !== undefined && this.user !== intent.userId) {
      this.#replaced = true;
      this.values = new Values();
    }
    this.login = intent;
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
    this.rotating = true;
  }

  /** Forgets what a handler wrote before it threw; what makes the visitor safer stays. */
  abandon(): void {
    this.login = undefined;
    this.#replaced = false;
    this.values = new Values(this.row?.data);
  }

  /** @throws HallpassError `session-committed`: a write now would be lost. */
  assertOpen(): void {
    if (!this.#committed) return;
    throw new HallpassError(
      'session-committed',
      'This session is committed, and the response on its way: write to the session before that.',
    );
  }

  close(): void {
    this.#committed = true;
  }
}
