import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { gated } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { hallpass } from './hallpass.ts';

const turn = () => new Promise(setImmediate);

it.each(['without hallpass', 'while the answer waits'])(
  'a pipe lets go of a response that is destroyed, and ends it no more: %s',
  async (how) => {
    const { sessions, resolve } = gated();
    const pass = hallpass({ sessions });
    const seen: string[] = [];
    const handle = async (_req: IncomingMessage, res: ServerResponse) => {
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
    };
    const listener =
      how === 'without hallpass'
        ? handle
        : pass(async (req: IncomingMessage, res: ServerResponse) => {
            (await pass.session(req)).login('ada');
            await handle(req, res);
          });
    const socket = connect(await startServer(createServer(listener)), '127.0.0.1').resume();
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'close');
    expect(seen).toEqual([]);
  },
);
