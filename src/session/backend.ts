import type { Awaitable } from '../crypto/index.ts';
import type { ReasonCode } from '../scope/verdict.ts';
import type { Emission } from './emission.ts';
import type { Found, SessionFacts, SessionState } from './state.ts';

/** Why the value of a session cookie stands for nobody, and for which session that is told. */
export interface Refusal {
  readonly refused: ReasonCode;
  readonly selector?: string;
  /** True when the session got another cookie so lately that this one may belong to a request that was under way then. */
  readonly late?: boolean;
}

/** How a session came to its end. */
export type Ending = 'expired' | 'revoked' | 'superseded';

/** How sessions are kept: behind a store, or sealed in the cookie. */
export interface Backend<Kept extends Found = Found> {
  /**
   * The session that the value of a cookie stands for. Any text at all is an answer.
   * @throws HttpError 503 `store-unavailable`
   */
  find(value: string, now: number): Awaitable<Kept | Refusal>;
  /**
   * What has become of a session since: what is known of it now, or how it ended.
   * @throws HttpError 503 `store-unavailable`
   */
  check(row: SessionFacts, now: number): Promise<SessionFacts | Ending>;
  /**
   * Carries out what the handler meant.
   * @throws HttpError 409 `session-gone` or `session-conflict`, 503 `store-unavailable`
   */
  commit(state: SessionState<Kept>, now: number): Awaitable<Emission>;
}
