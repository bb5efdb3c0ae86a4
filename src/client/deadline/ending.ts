/** Something that can be given up. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** What ends a request before its time, seen from the transport. */
export interface Ending {
  readonly signal: AbortSignal;
  /** Gives `one` up when the request must end, at once when that has happened. */
  add(one: Abortable): void;
  delete(one: Abortable): void;
  /** For a transport that can tell: it waits for a connection, or has one and waits for the answer. */
  begin?(phase: 'connect' | 'headers'): void;
}
