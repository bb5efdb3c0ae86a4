import { once } from 'node:events';
import { createServer, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../../tools/test/serve.ts';
import { defineCookie } from '../../cookie/define.ts';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';
import { hallpass } from './hallpass.ts';

const upgradeWith = (...lines: string[]) =>
  ['GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', ...lines, '', ''].join('\r\n');

/** All that a client gets for an upgrade whose `accept` throws this. */
async function answerTo(
  make: () => Response | Promise<Response>,
  onText = (_text: string, _client: Socket): void => {},
): Promise<string> {
  const pass = hallpass({ onEvent() {} });
  const server = createServer().on('upgrade', (req, socket) => {
    void pass.upgrade(req, socket, async () => {
      throw await make();
    });
  });
  const socket = connect(await startServer(server), '127.0.0.1').setEncoding('latin1');
  socket.write(upgradeWith());
  let text = '';
  socket.on('data', (part) => {
    text += part;
    onText(text, socket);
  });
  await once(socket, 'close');
  return text;
}

it('an upgrade is refused by a fetched answer as fetch decoded it, framed once', async () => {
  const upstream = createServer((_req, res) => {
    res.writeHead(401, { 'content-encoding': 'gzip', 'x-own': '1' });
    res.write(gzipSync('who are you?'));
    res.end();
  });
  const port = await startServer(upstream);
  const text = await answerTo(() => fetch(`http://127.0.0.1:${port}/`));
  expect(text).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\nwho are you\?/);
  expect(text).toMatch(/x-own: 1/);
  expect(text).not.toMatch(/content-encoding|keep-alive/i);
  expect(text.match(/content-length|transfer-encoding/gi)).toHaveLength(1);
});

it('a length of its own is said once, and a wrong one is no answer', async () => {
  const withLength = (length: string) =>
    new Response('abc', { status: 403, headers: { 'content-length': length } });
  const text = await answerTo(() => withLength('3'));
  expect(text).toMatch(/^HTTP\/1\.1 403 [\s\S]*\r\n\r\nabc$/);
  expect(text.match(/content-length: .*/gi)).toEqual(['content-length: 3']);
  expect(await answerTo(() => withLength('9'))).toBe('');
});

it('what cannot be sent is a 500', async () => {
  expect(await answerTo(() => Response.error())).toMatch(/^HTTP\/1\.1 500 /);
  const used = new Response('gone', { status: 403 });
  await used.text();
  expect(await answerTo(() => used)).toMatch(/^HTTP\/1\.1 500 /);
});

/** What a client gets of an answer whose body goes on, so or so, when its first piece has come. */
function answerInPieces(goOn: (pieces: ReadableStreamDefaultController) => void): Promise<string> {
  const { promise: seen, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream({
    async start(pieces) {
      pieces.enqueue(Buffer.from('first '));
      await seen;
      goOn(pieces);
    },
  });
  return answerTo(
    () => new Response(body, { status: 403 }),
    (text) => {
      if (text.includes('first ')) resolve();
    },
  );
}

it('a long answer comes piece by piece', async () => {
  const text = await answerInPieces((pieces) => {
    pieces.enqueue(Buffer.from('second'));
    pieces.close();
  });
  expect(text).toMatch(/^HTTP\/1\.1 403 [\s\S]*\r\nconnection: close\r\n[\s\S]*first [\s\S]*second/i);
});

it('an answer that breaks in its midst ends the connection without its end', async () => {
  expect(await answerInPieces((pieces) => pieces.error(new Error('broken')))).toMatch(/first \r\n$/);
});

it('an endless answer is read no further than its client reads, and not after it has gone', async () => {
  let pulled = 0;
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream({
    pull(pieces) {
      pulled++;
      pieces.enqueue(Buffer.alloc(65_536));
    },
    cancel: () => resolve(),
  });
  await answerTo(
    () => new Response(body, { status: 403 }),
    (_text, client) => void client.destroy(),
  );
  await cancelled;
  expect(pulled).toBeLessThan(200);
});

it('what would be written to the answer of an upgrade is a TypeError, and what is read is there', async () => {
  const sessions = createSessions({ store: memoryStore() });
  const pass = hallpass({ sessions, onEvent() {} });
  const results: unknown[] = [];
  const server = createServer(
    pass(async (req, res) => {
      (await pass.session(req)).login('ada');
      res.end();
    }),
  ).on('upgrade', (req, socket) => {
    void pass.upgrade(req, socket, async (context) => {
      const session = await context.session();
      results.push(await context.user(), session.get('none'));
      const writes: (() => unknown)[] = [
        () => session.set('a', 1),
        () => session.login('eve'),
        () => session.logout(),
        () => session.rotate(),
        () => context.cookies.set(defineCookie('a'), '1'),
        () => context.keep(),
      ];
      for (const write of writes) {
        const thrown = await (async () => write())().catch((error: unknown) => error);
        results.push(thrown instanceof TypeError && /answer/.test(thrown.message));
      }
      const reopened = await sessions.reopen(session);
      results.push(reopened.session?.user);
      socket.end();
    });
  });
  const port = await startServer(server);
  const [cookie = ''] = (await fetch(`http://127.0.0.1:${port}/`)).headers.getSetCookie();
  const socket = connect(port, '127.0.0.1');
  socket.end(upgradeWith(`Cookie: ${cookie.split(';')[0]}`));
  await once(socket.resume(), 'close');
  expect(results).toEqual(['ada', undefined, true, true, true, true, true, true, 'ada']);
});

it('a refusal behind an answer whose client has gone rejects nothing', async () => {
  const pass = hallpass({ onEvent() {} });
  const arrived = Promise.withResolvers<void>();
  let before: ServerResponse | undefined;
  const judged = Promise.withResolvers<unknown>();
  const server = createServer((_req, res) => {
    before = res;
  }).on('upgrade', (req, socket) => {
    arrived.resolve();
    judged.resolve(pass.upgrade(req, socket).catch((error: unknown) => error));
  });
  const client = connect(await startServer(server), '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  client.write(upgradeWith('Origin: https://b.test', 'Sec-Fetch-Site: cross-site'));
  await arrived.promise;
  client.resetAndDestroy();
  // The server reads nothing behind an upgrade: it learns of the leaving as it writes.
  const writing = setInterval(() => before?.write('x'.repeat(65_536)), 1);
  onTestFinished(() => clearInterval(writing));
  expect(await judged.promise).toBeUndefined();
});

it('what accept has begun by a response of its own, and throws before it writes, ends the connection', async () => {
  const pass = hallpass({ onEvent() {} });
  const judged = Promise.withResolvers<unknown>();
  const server = createServer().on('upgrade', (req, socket) => {
    const work = pass.upgrade(req, socket, () => {
      new ServerResponse(req).assignSocket(socket as Socket);
      throw new Error('before its first byte');
    });
    judged.resolve(work.catch((error: unknown) => error));
  });
  const client = connect(await startServer(server), '127.0.0.1').resume();
  client.write(upgradeWith());
  await once(client, 'close');
  expect(await judged.promise).toBeUndefined();
});
