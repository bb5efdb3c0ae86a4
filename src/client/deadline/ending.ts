/** Something that can be given up. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** What a transport waits for: a connection, the next piece of the request's body to go out, or the headers of the answer. */
export type TransportPhase = 'connect' | 'upload' | 'headers';

/** What ends a request before its time, seen from the transport. */
export interface Ending {
  readonly signal: AbortSignal;
  /** Gives `one` up when the request must end, at once when that has happened. */
  add(one: Abortable): void;
  delete(one: Abortable): void;
  /** For a transport that can tell: what it waits for from now on. `'upload'` is said again for every piece. */
  begin?(phase: TransportPhase): void;
}
