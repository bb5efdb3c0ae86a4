import type { ServerResponse } from 'node:http';

/** The end of an answer that waits, kept from the host that serves it. */
export interface HiddenEnd {
  /** True once the answer has been ended. */
  isEnded(): boolean;
  /** What its host would have taken by now, where the answer has ended: its status. */
  taken(): Partial<Pick<ServerResponse, 'statusCode'>>;
  /** From here on the response says itself whether it has ended. */
  show(): void;
  /** To be called when it has been sent: Node says no finish of an answer that was destroyed with an error. */
  finish(): void;
}

/**
 * A function of the cloud has no connection: its host takes the answer as soon as the response says that it has ended. So one
 * that waits does not say so, but to Node, which refuses a second answer by it.
 */
export function hideEnd(response: ServerResponse): HiddenEnd {
  let ended = response.writableEnded;
  let calls = 0;
  let isDestroyed = response.destroyed;
  /** Who has asked for the end before it came, and waits in vain. */
  let early: readonly unknown[] = [];
  let taken: Partial<Pick<ServerResponse, 'statusCode'>> = {};
  for (const name of ['write', 'end'] as const) {
    const method = response[name] as (...args: unknown[]) => unknown;
    Object.assign(response, {
      [name](...args: unknown[]) {
        const { destroyed } = response;
        calls++;
        // The host listens for errors of the answer, and one that comes after the end is none of it.
        if (ended) response.destroyed = true;
        if (ended && !isDestroyed && name === 'end') refuseChunk(args);
        try {
          return Reflect.apply(method, response, args);
        } finally {
          calls--;
          response.destroyed = destroyed;
        }
      },
    });
  }
  const { destroy } = response;
  // Destroyed now, it would never finish, and its host waits for that.
  response.destroy = (error) => {
    isDestroyed = true;
    if (!ended) return destroy.call(response, error);
    return response.once('finish', () => destroy.call(response, error));
  };
  Object.defineProperty(response, 'finished', {
    configurable: true,
    enumerable: true,
    get: () => ended && calls > 0,
    set(value: boolean) {
      ended = value;
      early = response.rawListeners('end');
      afterPromises(() => {
        taken = { statusCode: response.statusCode };
      });
    },
  });
  // A socket that stands in for one may not know its length, and an end with nothing before it is over at once.
  Object.defineProperty(response, 'writableLength', {
    configurable: true,
    get: () => (response as unknown as { outputSize: number }).outputSize,
  });
  return {
    isEnded: () => ended,
    taken: () => taken,
    show() {
      delete (response as { writableLength?: number }).writableLength;
      delete (response as Partial<ServerResponse>).destroy;
      Object.defineProperty(response, 'finished', { value: ended, writable: true });
    },
    finish() {
      if (!ended || !response.errored) return;
      // Who has come since would have found it ended.
      for (const listener of response.rawListeners('end'))
        if (!early.includes(listener)) Reflect.apply(listener, response, []);
    },
  };
}

/** Tells who ends an ended answer once more with something to send that it is refused: Node tells nobody of that whose answer is destroyed. */
function refuseChunk([chunk, ...rest]: unknown[]): void {
  const callback = rest.find((one) => typeof one === 'function');
  if (callback === undefined || !chunk || typeof chunk === 'function') return;
  const error = Object.assign(new Error('write after end'), { code: 'ERR_STREAM_WRITE_AFTER_END' });
  process.nextTick(callback as (error: Error) => void, error);
}

/** Calls back when whoever waits for an answer that has ended just now has had it: after all promises that are settled. */
export function afterPromises(step: () => void): void {
  process.nextTick(() => queueMicrotask(() => process.nextTick(step)));
}
