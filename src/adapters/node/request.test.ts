import { once } from 'node:events';
import { createServer } from 'node:http';
import * as http2 from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { toNodeListener } from './listener.ts';

/** What a handler makes of a request whose client goes away as soon as it has asked. */
async function abandoned<T>(
  handle: (request: Request, closed: Promise<unknown>) => T | Promise<T>,
  leave: (port: number, came: Promise<void>) => unknown = leaveHttp1,
): Promise<T> {
  const came = Promise.withResolvers<void>();
  const result = Promise.withResolvers<T>();
  const listener = toNodeListener(
    async (request, { outgoing }) => {
      const handled = handle(request, once(outgoing, 'close'));
      came.resolve();
      result.resolve(await handled);
      throw new Error('There is nobody left to tell.');
    },
    { onError: result.reject },
  );
  const server = leave === leaveHttp1 ? createServer(listener) : http2.createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  leave((server.address() as AddressInfo).port, came.promise);
  return result.promise.finally(() => server.close());
}

function leaveHttp1(port: number): void {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n', () => socket.destroy());
}

/** The connection stays open. */
async function resetStream(port: number, came: Promise<void>): Promise<void> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':path': '/' }).on('error', () => {});
  await came;
  stream.close(http2.constants.NGHTTP2_CANCEL, () => session.close());
}

async function endSession(port: number, came: Promise<void>): Promise<void> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.request({ ':path': '/' }).on('error', () => {});
  await came;
  session.destroy();
}

it.each([
  ['over HTTP/1.1', leaveHttp1],
  ['over HTTP/2, by a reset', resetStream],
  ['over HTTP/2, with the connection', endSession],
])('the signal tells whoever asks for it, early or late, of a client that left %s', async (_, leave) => {
  const early = await abandoned(async (request, closed) => {
    const { signal } = request;
    const before = signal.aborted;
    await closed;
    return [before, signal.aborted, signal === request.signal];
  }, leave);
  expect(early).toEqual([false, true, true]);
  const late = await abandoned((request, closed) => closed.then(() => request.signal.aborted), leave);
  expect(late).toBe(true);
});

it('the signal is not aborted over HTTP/2 when the answer has gone out whole', async () => {
  const after = Promise.withResolvers<boolean>();
  const server = http2.createServer(
    toNodeListener(({ signal }, { outgoing }) => {
      outgoing.once('close', () => after.resolve(signal.aborted));
      return new Response('answered');
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  session.request({ ':path': '/' }).resume();
  expect(await after.promise).toBe(false);
  session.close();
  server.close();
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
