import type { SessionRecord } from 'hallpass/store';
import type { Operation, People } from './operations.ts';

/** A cookie that was given out. Places are positions among the steps of a history; the start is at -1. */
export interface Issued {
  readonly cookie: string;
  readonly selector: string;
  /** Whose it is; `undefined` of an anonymous visitor. */
  readonly user: string | undefined;
  /** When the commit that gave it out was about to read the clock, when it first called the store, and when it was done. */
  readonly timed: number;
  readonly begun: number;
  readonly at: number;
}

/** How one operation went. */
export interface Outcome {
  readonly name: string;
  readonly operation: Operation;
  /** The cookie that its request carried. */
  sent: string;
  /** When it was about to read the clock for the first time. */
  begun: number;
  /** The session that it was given: its row, `''` for none, its user, and why it is nobody. */
  opened: {
    readonly at: number;
    readonly selector: string;
    readonly user: string | undefined;
    readonly why?: string;
  };
  /** When its commit was done. */
  done: number;
  /** The code of the error that it ended in. */
  refused: string | undefined;
  /** The row that it left behind, `''` for none. */
  selector: string;
  lines: readonly string[];
}

/** One interleaving, after its end. */
export interface History {
  readonly start: Issued;
  readonly people: People;
  /** Every step in its order, as text. */
  readonly steps: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** All cookies that were ever good, the first one included. */
  readonly issued: readonly Issued[];
  /** The cookie that the browser is left with. */
  readonly cookie: string;
  /** What a row holds now; `undefined` when it has ended. */
  row(selector: string): Promise<SessionRecord | undefined>;
  /** Who is signed in with this cookie now. `known` is false for a cookie that stands for no session at all. */
  look(cookie: string): Promise<{ known: boolean; user: string | undefined }>;
  /** A later request of the browser, and one after the grace of every rotation; each in the order of the call. */
  visitLater(): Promise<{ soon: string | undefined; afterGrace: string | undefined }>;
}
