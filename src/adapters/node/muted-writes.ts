import type { ServerResponse } from 'node:http';
import type { Http1Response } from './http1-state.ts';

/** `destroy` of an answer that is whole: Node has let its connection go by then. */
export function staysConnected(this: Http1Response): Http1Response {
  return this;
}

/** What is written behind the end fails from here on without an error that anybody hears, and a second end is told so, as on a response that has closed. */
export function muteWrites(response: ServerResponse): void {
  for (const name of ['write', 'end'] as const) {
    const method = response[name] as (...args: unknown[]) => unknown;
    Object.assign(response, {
      [name](...args: unknown[]) {
        const { destroyed, writableEnded } = response;
        response.destroyed ||= writableEnded;
        try {
          const call = () => Reflect.apply(method, response, args);
          return writableEnded ? asFinished(response, call) : call();
        } finally {
          response.destroyed = destroyed;
        }
      },
    });
  }
}

/** Calls as on a response that has finished, as it would have without the wait: Node's own end is behind whatever stands before it. */
function asFinished<T>(response: ServerResponse, call: () => T): T {
  // Node keeps it behind a symbol from version 24 on, and counts it from other fields before.
  const key =
    Object.getOwnPropertySymbols(response).find(({ description }) => description === 'kWritableFinished') ??
    'writableFinished';
  const former = Object.getOwnPropertyDescriptor(response, key);
  Object.defineProperty(response, key, { value: true, configurable: true, writable: true, enumerable: true });
  try {
    return call();
  } finally {
    if (former === undefined) Reflect.deleteProperty(response, key);
    else Object.defineProperty(response, key, former);
  }
}

/** Calls the callback of a second end that has nothing to send, with the error that it gets behind a sent answer. False: there is no such callback. */
export function answerSecondEnd([chunk, ...rest]: unknown[], error: Error | null): boolean {
  const callback = typeof chunk === 'function' ? chunk : rest.find((one) => typeof one === 'function');
  if (callback === undefined || (chunk && callback !== chunk)) return false;
  process.nextTick(callback as (error: Error | null) => void, error);
  return true;
}
