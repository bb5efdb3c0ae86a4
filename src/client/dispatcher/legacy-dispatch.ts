import { Dispatch } from './dispatch.ts';
import type { DispatchController } from './dispatcher.ts';

/** A name or a value of a header as it came off the wire; mocks and interceptors give text. */
type RawText = Buffer | string;

/** A dispatch by the handler's methods that undici took alone before version 7, and the fetch of Node 22 and 24 takes. */
export class LegacyDispatch extends Dispatch {
  /** Names and values in turn. */
  #raw: readonly (RawText | readonly RawText[])[] = [];
  readonly #controller: { abort: DispatchController['abort']; resume: DispatchController['resume'] } = {
    abort: () => {},
    resume: () => {},
  };

  override valuesOf(name: string): string[] {
    const values: string[] = [];
    for (let at = 0; at < this.#raw.length; at += 2) {
      const given = this.#raw[at] as RawText;
      // Most names differ in length already: nothing is made of those.
      if (given.length === name.length && latin1(given).toLowerCase() === name)
        values.push(...texts(this.#raw[at + 1]));
    }
    return values;
  }

  override toHeaders(): Headers {
    const headers = new Headers();
    for (let at = 0; at < this.#raw.length; at += 2) {
      for (const value of texts(this.#raw[at + 1])) headers.append(latin1(this.#raw[at] as RawText), value);
    }
    return headers;
  }

  onConnect(abort: (reason: Error) => void): void {
    this.#controller.abort = abort;
    this.starts(this.#controller);
  }

  onHeaders(status: number, raw: readonly RawText[], resume: () => void, statusText?: string): boolean {
    if (status < 200) return true;
    this.#raw = raw;
    this.#controller.resume = resume;
    this.answers(status, statusText ?? '');
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.receives(chunk);
  }

  onComplete(): void {
    this.ends();
  }

  onError(error: Error): void {
    this.fails(error);
  }
}

const latin1 = (text: RawText): string => (typeof text === 'string' ? text : text.toString('latin1'));

/** The values beside one name. */
function texts(values: RawText | readonly RawText[] | undefined): string[] {
  if (values === undefined) return [];
  return typeof values === 'string' || values instanceof Uint8Array ? [latin1(values)] : values.map(latin1);
}
