import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { gated } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { hallpass } from './hallpass.ts';

const turn = () => new Promise(setImmediate);

const hows = ['without hallpass', 'while the answer waits'];

/** Serves one request by this handler, bare or with an answer that waits until it calls `resolve`, and ends when its connection does. */
async function serveOnce(
  how: string,
  handle: (res: ServerResponse, resolve: () => void) => Promise<void>,
): Promise<void> {
  const { sessions, resolve } = gated();
  const pass = hallpass({ sessions });
  const listener =
    how === 'without hallpass'
      ? (_req: IncomingMessage, res: ServerResponse) => handle(res, resolve)
      : pass(async (req: IncomingMessage, res: ServerResponse) => {
          (await pass.session(req)).login('ada');
          await handle(res, resolve);
        });
  const socket = connect(await startServer(createServer(listener)), '127.0.0.1').resume();
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'close');
}

it.each(hows)('a pipe lets go of a response that is destroyed, and ends it no more: %s', async (how) => {
  const seen: string[] = [];
  await serveOnce(how, async (res, resolve) => {
    const { end } = res;
    res.end = function (this: ServerResponse, ...args: []) {
      seen.push('end');
      return Reflect.apply(end, this, args);
    } as typeof end;
    const source = new Readable({ read() {} });
    source.pipe(res);
    source.push('abc');
    await turn();
    res.destroy();
    await turn();
    source.push(null);
    await turn();
    resolve();
  });
  expect(seen).toEqual([]);
});

it.each(hows)('who waits for a drain of a response that is destroyed hears none: %s', async (how) => {
  const seen: unknown[] = [];
  await serveOnce(how, async (res, resolve) => {
    res.on('drain', () => seen.push('drain'));
    seen.push(res.write('x'.repeat(1 << 20)));
    res.destroy();
    await turn();
    resolve();
    for (let i = 0; i < 10; i++) await turn();
  });
  expect(seen).toEqual([false]);
});
