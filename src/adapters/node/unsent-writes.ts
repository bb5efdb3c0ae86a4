import type { ServerResponse } from 'node:http';
import { detachPipes } from './detach-writers.ts';
import { forgetDrain, saysFinish } from './http1-state.ts';

type KeptResponse = ServerResponse & {
  outputData: { data: string | Uint8Array; callback: ((error: Error) => void) | null | undefined }[];
  outputSize: number;
  _onPendingData(octets: number): void;
};

/** Which of the writes that are kept for a response Node would not have sent yet without the wait: those of this tick. */
export class UnsentWrites {
  readonly #response: KeptResponse;
  /** How many would have been sent. */
  #sent = 0;
  #isNoted = false;
  /** True while an end runs that has something to send. */
  #endsWithBytes = false;

  constructor(response: ServerResponse) {
    this.#response = response as KeptResponse;
  }

  get #areNone(): boolean {
    return this.#response.outputData.length === this.#sent;
  }

  /** Runs an end behind the connection. Node leaves out what it gives where an answer has no body, and asks the connection for it all the same. */
  endBehind<Result>(chunk: unknown, end: () => Result): Result {
    this.#endsWithBytes = Boolean(chunk) && typeof chunk !== 'function';
    try {
      return end();
    } finally {
      this.#endsWithBytes = false;
    }
  }

  /** True for a write behind the connection, but for an end with nothing left to send: that one finishes. */
  isLost(data: string | Uint8Array, callback: unknown): boolean {
    return data.length > 0 || !saysFinish(callback) || this.#endsWithBytes || !this.#areNone;
  }

  /** To be called before a write is kept. Node corks the first write of a tick, and sends what goes without: a flushed head, an end. */
  note(): void {
    const { socket, outputData } = this.#response;
    if (!socket?.writableCorked) this.#sent = outputData.length + 1;
    if (this.#isNoted) return; // What is kept does not say it: before bytes, Node has put the head there already.
    this.#isNoted = true;
    process.nextTick(() => this.#send());
  }

  #send(): void {
    this.#isNoted = false;
    this.#sent = this.#response.outputData.length;
  }

  /** The connection is destroyed: they are lost with it, by the end of the tick, when whoever pipes lets go. What was ended has been sent at once. */
  lose(error: unknown): void {
    process.nextTick(detachPipes, this.#response);
    if (this.#areNone || this.#response.writableEnded) return;
    const sent = this.#sent;
    process.nextTick(() => this.#loseFrom(sent, error instanceof Error ? error : destroyedError()));
  }

  #loseFrom(sent: number, error: Error): void {
    const response = this.#response;
    const lost = response.outputData.splice(sent);
    const octets = lost.reduce((sum, { data }) => sum + data.length, 0);
    response.outputSize -= octets;
    forgetDrain(response);
    response._onPendingData(-octets);
    this.#sent = sent;
    for (const { callback } of lost) callback?.(error);
  }
}

const destroyedError = (): Error =>
  Object.assign(new Error('Cannot call write after a stream was destroyed'), {
    code: 'ERR_STREAM_DESTROYED',
  });
