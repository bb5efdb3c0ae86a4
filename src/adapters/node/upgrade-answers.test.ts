import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startServer } from '../../../tools/test/serve.ts';
import { hallpass } from './hallpass.ts';

/** All that a client gets for an upgrade whose `accept` throws this. */
async function answerTo(make: () => Response | Promise<Response>): Promise<string> {
  const pass = hallpass({ onEvent() {} });
  const server = createServer().on('upgrade', (req, socket) => {
    void pass.upgrade(req, socket, async () => {
      throw await make();
    });
  });
  const socket = connect(await startServer(server), '127.0.0.1').setEncoding('latin1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  await once(socket, 'close');
  return text;
}

it('an upgrade is refused by a fetched answer as fetch decoded it, with one length', async () => {
  const upstream = createServer((_req, res) => {
    res.writeHead(401, { 'content-encoding': 'gzip', 'x-own': '1' });
    res.write(gzipSync('who are you?'));
    res.end();
  });
  const port = await startServer(upstream);
  const text = await answerTo(() => fetch(`http://127.0.0.1:${port}/`));
  expect(text).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\n\r\nwho are you\?$/);
  expect(text).toMatch(/x-own: 1/);
  expect(text).not.toMatch(/transfer-encoding|content-encoding|keep-alive/i);
  expect(text.match(/content-length: .*/g)).toEqual(['content-length: 12']);
});

it('a length of its own is not said twice', async () => {
  const text = await answerTo(() => new Response('abc', { status: 403, headers: { 'content-length': '9' } }));
  expect(text.match(/content-length: .*/g)).toEqual(['content-length: 3']);
});

it('what cannot be sent is a 500', async () => {
  expect(await answerTo(() => Response.error())).toMatch(/^HTTP\/1\.1 500 /);
  const used = new Response('gone', { status: 403 });
  await used.text();
  expect(await answerTo(() => used)).toMatch(/^HTTP\/1\.1 500 /);
});
