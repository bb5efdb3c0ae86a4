import { Dispatch } from './dispatch.ts';
import type { DispatchController, HeaderRecord } from './dispatcher.ts';

/** Nobody writes into it. */
const none: string[] = [];

/** A dispatch by the handler's methods that undici takes since version 7. */
export class CurrentDispatch extends Dispatch {
  #headers: HeaderRecord = {};

  override get(name: string): string | null {
    const value = this.#headers[name];
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
  }

  override valuesOf(name: string): string[] {
    const values = this.#headers[name];
    return values === undefined ? none : typeof values === 'string' ? [values] : values;
  }

  override toHeaders(): Headers {
    const headers = new Headers();
    for (const [name, value] of Object.entries(this.#headers)) {
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    return headers;
  }

  onRequestStart(controller: DispatchController): void {
    this.starts(controller);
  }

  onResponseStart(_: DispatchController, status: number, headers: HeaderRecord, statusText?: string): void {
    if (status < 200) return;
    this.#headers = headers;
    this.answers(status, statusText ?? '');
  }

  onResponseData(controller: DispatchController & { pause(): void }, chunk: Buffer): void {
    if (!this.receives(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.ends();
  }

  onResponseError(_: DispatchController, error: Error): void {
    this.fails(error);
  }
}
