import type { Answer } from '../transcript.ts';

/** What a run needs of its client. */
export interface Client {
  /** Sends the program's request, and where the program says so another. */
  begin(): void;
  /** Octets of the first answer's body that have arrived so far, decoded. */
  readonly arrived: number;
  /** True when no more answers are to come: all are there, or the connection is over. */
  readonly isDone: boolean;
  /** Goes away; resolves when the server has seen it. */
  leave(how: 'close' | 'reset'): Promise<void>;
  /** A slow reader begins to read. */
  read(): void;
  /** What came. */
  readonly answers: Answer[];
  readonly connection: string;
  close(): void;
}

/** The request that comes after the program's own, on the same connection. */
export const nextPath = '/next';
