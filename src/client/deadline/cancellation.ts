/** Something that can be given up. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** What a transport waits for: a connection, the next piece of the request's body to go out, or the headers of the answer. */
export type TransportPhase = 'connect' | 'upload' | 'headers';

/** The cancellation of a request, seen from the transport: an AbortSignal that costs nothing until somebody asks for it. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** Gives `one` up when the request must end, at once when that has happened. */
  add(one: Abortable): void;
  delete(one: Abortable): void;
  /** For a transport that can tell: what it waits for from now on. `'upload'` is said again for every piece. */
  begin?(phase: TransportPhase): void;
}
