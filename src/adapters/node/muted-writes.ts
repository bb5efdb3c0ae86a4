import type { ServerResponse } from 'node:http';

/** What is written behind the end fails from here on without an error that anybody hears, as on a response that has closed. */
export function muteWrites(response: ServerResponse): void {
  for (const name of ['write', 'end'] as const) {
    const method = response[name] as (...args: unknown[]) => unknown;
    Object.assign(response, {
      [name](...args: unknown[]) {
        const { destroyed } = response;
        response.destroyed ||= response.writableEnded;
        try {
          return Reflect.apply(method, response, args);
        } finally {
          response.destroyed = destroyed;
        }
      },
    });
  }
}
