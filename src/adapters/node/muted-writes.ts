import type { ServerResponse } from 'node:http';

/** What is written from here on fails without an error that anybody hears, as on a response that has closed. */
export function muteWrites(response: ServerResponse): void {
  for (const name of ['write', 'end'] as const) {
    const method = response[name] as (...args: unknown[]) => unknown;
    Object.assign(response, {
      [name](...args: unknown[]) {
        const { destroyed } = response;
        response.destroyed = true;
        try {
          return Reflect.apply(method, response, args);
        } finally {
          response.destroyed = destroyed;
        }
      },
    });
  }
}
