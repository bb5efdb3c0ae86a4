/** What a program is served with. */
export type Framework =
  | 'express'
  | 'express4'
  | 'fastify'
  | 'http'
  | 'http2'
  | 'hono'
  | 'listener'
  | 'codegenie'
  | 'serverless-http'
  | 'upgrade';

/**
 * - `plain`: one request, connection kept
 * - `again`: another request on the same connection, after the answer
 * - `pipelined`: another request at once, before the answer (HTTP/2: as a second stream)
 * - `slow`: reads nothing until the handler is done
 * - `gone`: leaves before the handler begins
 * - `reset`: the same, with a reset
 * - `old`: HTTP/1.0
 * - `closing`: `Connection: close`
 */
export type ClientKind = 'plain' | 'again' | 'pipelined' | 'slow' | 'gone' | 'reset' | 'old' | 'closing';

/** What the handler does with its session. `renew`: it reads one whose renewal is due. `unawaited`: it opens one and does not wait. */
export type SessionUse =
  | 'none'
  | 'read'
  | 'renew'
  | 'set'
  | 'login'
  | 'logout'
  | 'rotate'
  | 'schema'
  | 'cookie'
  | 'sealed cookie'
  | 'large cookie'
  | 'unawaited';

/**
 * - `memory`: answers at once
 * - `quick`, `slow`: answer after one turn of the event loop, or after many
 * - `failing`: refuses every write
 * - `late`: answers a write after its deadline
 */
export type StoreKind = 'memory' | 'quick' | 'slow' | 'failing' | 'late';

/** How the handler runs its steps; `detached`: after it has returned, as in a callback of somebody's driver. */
export type Style = 'sync' | 'async' | 'detached';

/** One program: a server, a handler, a visitor and a client. It says everything that a run depends on. */
export interface Program {
  readonly framework: Framework;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: '/' | '/%';
  /** What the client sends as a body: nothing, a small text, or 300 kB in three parts. */
  readonly upload: 'none' | 'small' | 'parts';
  /** True: the request is conditional, and what has an ETag is not modified. */
  readonly conditional: boolean;
  readonly client: ClientKind;
  readonly visitor: 'stranger' | 'ada';
  readonly session: SessionUse;
  /** Where the session is opened and used: in a middleware before the handler, or in the handler itself. */
  readonly opens: 'before' | 'inside';
  readonly store: StoreKind;
  /** Names of surroundings, from the outside in. */
  readonly around: readonly string[];
  readonly style: Style;
  /** Names of steps. `try` in front of one: what it throws is caught. */
  readonly steps: readonly string[];
}

/** A step's name, and whether what it throws is caught. */
export function readStep(step: string): { name: string; caught: boolean } {
  return step.startsWith('try ') ? { name: step.slice(4), caught: true } : { name: step, caught: false };
}
