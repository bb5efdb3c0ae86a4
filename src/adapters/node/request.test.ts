import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { toNodeListener } from './listener.ts';

/** What a handler makes of a request whose client goes away as soon as it has asked. */
async function abandoned<T>(
  handle: (request: Request, closed: Promise<unknown>) => T | Promise<T>,
): Promise<T> {
  const result = Promise.withResolvers<T>();
  const server = createServer(
    toNodeListener(async (request, { outgoing }) => {
      result.resolve(await handle(request, once(outgoing, 'close')));
      return new Response('late');
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n', () => socket.destroy());
  return result.promise.finally(() => server.close());
}

it('the signal tells whoever asks for it, early or late', async () => {
  const early = await abandoned(async (request, closed) => {
    const { signal } = request;
    const before = signal.aborted;
    await closed;
    return [before, signal.aborted, signal === request.signal];
  });
  expect(early).toEqual([false, true, true]);
  expect(await abandoned((request, closed) => closed.then(() => request.signal.aborted))).toBe(true);
});

it('a clone has the same signal, and a request made with it follows', async () => {
  const followers = await abandoned(async (request, closed) => {
    const signals = [request.clone().signal, new Request(request, { signal: request.signal }).signal];
    await closed;
    return signals.map((signal) => signal.aborted);
  });
  expect(followers).toEqual([true, true]);
});

it('it is a Request: it can be copied and handed on', async () => {
  const copy = await abandoned((request) => new Request(request, { headers: { 'x-a': '1' } }));
  expect([copy instanceof Request, copy.url, copy.headers.get('x-a')]).toEqual([true, 'http://a.test/', '1']);
});
