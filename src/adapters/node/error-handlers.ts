import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';

/** The response that error handlers are asked to answer, for them and for all that they begin. */
const asked = new AsyncLocalStorage<ServerResponse>();

/** Lets error handlers answer a commit that failed, on a response as if nothing had been written to it. */
export function askErrorHandlers(response: ServerResponse, ask: () => void): void {
  asked.run(response, ask);
}

/**
 * True for who is none of the error handlers: for the handler, whose own answer has ended. Whoever says that the request failed
 * may say so, for the callbacks of some drivers come from nowhere.
 */
export function isLate(response: ServerResponse): boolean {
  return response.statusCode < 400 && asked.getStore() !== response;
}

/**
 * Until the error handlers have begun their answer, the response of node:http is sent, ended and closed to everybody else.
 * @returns to be called when it is begun
 */
export function closeToOthers(response: ServerResponse): () => void {
  const fields = response as unknown as Record<keyof typeof seenByOthers, unknown>;
  const reopen: (() => unknown)[] = Object.entries(seenByOthers).map(([key, seen]) => {
    const name = key as keyof typeof seenByOthers;
    let value = fields[name];
    Object.defineProperty(response, name, {
      configurable: true,
      get: () => (isLate(response) ? seen : value),
      set(present: unknown) {
        value = present;
      },
    });
    return () => Object.defineProperty(response, name, { value, writable: true, enumerable: true });
  });
  const { flushHeaders } = response;
  response.flushHeaders = () => {
    if (!isLate(response)) flushHeaders.call(response);
  };
  reopen.push(() => delete (response as Partial<ServerResponse>).flushHeaders);
  return () => {
    for (const one of reopen.splice(0)) one();
  };
}

/** What Node looks at before it lets anything be written or set. */
const seenByOthers = { _header: 'HTTP/1.1 ', finished: true, destroyed: true } as const;
