import type { Readable, Writable } from 'node:stream';

type Params = Readonly<Record<string, unknown>>;

/** One message from the browser that answers nothing. */
export interface DevToolsEvent {
  readonly method: string;
  readonly params: Params;
  readonly sessionId?: string;
}

interface Message extends Partial<DevToolsEvent> {
  readonly id?: number;
  readonly result?: Params;
  readonly error?: { readonly message?: string };
}

/** The DevTools protocol over a pair of pipes, which nobody else on the machine can open: messages end with a NUL. */
export class DevTools {
  readonly #out: Writable;
  readonly #waiting = new Map<number, { resolve(result: Params): void; reject(error: Error): void }>();
  readonly #listeners = new Set<(event: DevToolsEvent) => void>();
  #lastId = 0;
  #rest = '';
  #hasEnded = false;

  constructor(out: Writable, incoming: Readable) {
    this.#out = out;
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => this.#read(chunk));
    incoming.on('close', () => this.#end());
    incoming.on('error', () => this.#end());
    out.on('error', () => this.#end());
  }

  listen(listener: (event: DevToolsEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** @throws Error of the browser, or when it has gone */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    if (this.#hasEnded) return Promise.reject(new Error('Chromium has gone.'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  #read(chunk: string): void {
    const parts = (this.#rest + chunk).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#take(JSON.parse(part) as Message);
  }

  #take({ id, result = {}, error, method, params = {}, sessionId }: Message): void {
    if (method !== undefined) {
      const event = { method, params, ...(sessionId !== undefined && { sessionId }) };
      for (const listener of this.#listeners) listener(event);
    }
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(`Chromium: ${error.message}`));
  }

  #end(): void {
    this.#hasEnded = true;
    for (const { reject } of this.#waiting.values()) reject(new Error('Chromium has gone.'));
    this.#waiting.clear();
  }
}
