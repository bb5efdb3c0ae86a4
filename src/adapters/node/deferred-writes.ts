import { type Callback, type Http1Response, node } from './http1-state.ts';

/** One call of `_writeRaw`, as Node keeps it. */
export type RawWrite = Http1Response['outputData'][number];

export interface DeferredWrites {
  /**
   * From here on what is written goes out.
   * @returns sends what was kept, by the application's own `_writeRaw` where it has one, and tells whether there is room for more
   */
  release(): () => boolean;
}

/** Takes the bytes that a response of node:http sends. What the application has put before them, or puts there meanwhile, stays there. */
export function deferRawWrites(response: Http1Response, keep: (write: RawWrite) => boolean): DeferredWrites {
  const own = Object.hasOwn(response, '_writeRaw') ? response._writeRaw : undefined;
  const write = (...args: unknown[]): boolean => Reflect.apply(own ?? node._writeRaw, response, args);
  let isReleased = false;

  function deferred(...args: unknown[]): boolean {
    if (isReleased) return write(...args);
    const [data, encoding, callback] = args as [string | Uint8Array, unknown, Callback | undefined];
    if (typeof encoding === 'function') return keep({ data, encoding: null, callback: encoding as Callback });
    return keep({ data, encoding, callback });
  }
  response._writeRaw = deferred;

  return {
    release() {
      isReleased = true;
      if (response._writeRaw === deferred) {
        if (own !== undefined) response._writeRaw = own;
        else delete (response as Partial<Http1Response>)._writeRaw;
      }
      return () => sendKept(response, write);
    },
  };
}

/** By one call for each, as they came. A response whose turn has not come keeps them by itself. */
function sendKept(response: Http1Response, write: (...args: unknown[]) => boolean): boolean {
  const { socket, outputData } = response;
  if (socket?.writable === false) return true; // Node leaves them where they are.
  response.outputData = [];
  response._onPendingData(-response.outputSize);
  response.outputSize = 0;
  let hasRoom = true;
  socket?.cork();
  for (const { data, encoding, callback } of outputData) hasRoom = write(data, encoding, callback);
  socket?.uncork();
  return hasRoom;
}
