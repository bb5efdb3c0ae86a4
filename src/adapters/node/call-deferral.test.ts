import { once } from 'node:events';
import { createServer, type RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../tools/test/serve.ts';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';
import { hallpass } from './hallpass.ts';

/** A response with functions of its own, as other runtimes and `inject` of Fastify have: its bytes cannot be reached. */
class OwnResponse extends ServerResponse {
  override write(...given: never[]): boolean {
    return Reflect.apply(super.write, this, given);
  }
}

/** Serves a handler whose session has something to commit, and asks for its answer on a connection of our own. */
async function ask(kind: object, handler: RequestListener) {
  const store = memoryStore();
  const { create } = store;
  store.create = async (...given) => {
    await turn();
    return Reflect.apply(create, store, given);
  };
  const pass = hallpass({ sessions: createSessions({ store }) });
  const listener = pass(async (req, res) => {
    (await pass.session(req)).set('n', 1);
    await handler(req, res);
  });
  const server = createServer({ ServerResponse: kind } as object, listener as RequestListener);
  const socket = connect(await startServer(server), '127.0.0.1').setEncoding('latin1');
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
  return socket;
}

async function textOf(socket: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of socket) text += part;
  return text;
}

describe.each([
  ['whose bytes wait', ServerResponse],
  ['whose calls wait', OwnResponse],
])('an answer %s', (_, kind) => {
  it('has ended for whoever asks, by the older word too, and has not finished while it waits', async () => {
    const seen: boolean[][] = [];
    const note = (res: ServerResponse) =>
      seen.push([res.headersSent, res.writableEnded, res.finished, res.writableFinished]);
    const socket = await ask(kind, (_req, res) => {
      res.once('finish', () => note(res));
      res.write('a');
      note(res);
      res.end('b');
      note(res);
    });
    expect(await textOf(socket)).toMatch(/a.*b/s);
    expect(seen).toEqual([
      [true, false, false, false],
      [true, true, true, false],
      [true, true, true, true],
    ]);
  });

  it('has of an object of headers what is its own, and frames its body right', async () => {
    class Inherits {
      'x-own' = '1';
    }
    Object.defineProperty(Inherits.prototype, 'x-inherited', { value: 'secret', enumerable: true });
    for (const headers of [new Inherits(), new Headers({ 'x-lost': '1' })]) {
      const socket = await ask(kind, (_req, res) => {
        res.writeHead(200, headers as never);
        res.end('e');
      });
      const [head = '', body] = (await textOf(socket)).split('\r\n\r\n', 2);
      expect(head).toMatch(/^HTTP\/1.1 200 OK/);
      expect(head).toMatch(
        /^set-cookie: __Host-session=.*^transfer-encoding|^transfer-encoding.*^set-cookie/ims,
      );
      expect(head).not.toMatch(/content-length|inherited|append/i);
      expect(body).toBe('1\r\ne\r\n0');
    }
  });

  it('keeps its status, whatever is set while it waits', async () => {
    const socket = await ask(kind, (_req, res) => {
      res.statusCode = 201;
      res.end('made');
      res.statusCode = 500;
    });
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 201 Created\r\n.*set-cookie:.*made$/is);
  });

  it('asks for more when there is room for it, and not before', async () => {
    const drained = Promise.withResolvers<void>();
    let isDrained = false;
    const socket = await ask(kind, (_req, res) => {
      res.once('drain', () => {
        isDrained = true;
        drained.resolve();
        res.end();
      });
      res.write(Buffer.alloc(1 << 24));
    });
    await once(socket, 'readable'); // It has gone out, as far as it could.
    for (let i = 0; i < 5; i++) await turn();
    expect(isDrained).toBe(false);
    socket.resume();
    await drained.promise;
  });

  it('a switch to another protocol waits for nothing', async () => {
    const socket = await ask(kind, (_req, res) => {
      res.writeHead(101, { connection: 'upgrade', upgrade: 'own' });
      res.end();
    });
    const [text] = await once(socket, 'data');
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
    expect(text).not.toMatch(/set-cookie/i);
  });

  it('what is still piped into it when its commit fails is no part of the next answer', async () => {
    const store = memoryStore();
    store.create = async () => {
      await turn();
      throw new Error('The disk is full.');
    };
    const source = new Readable({ read() {} });
    const failed = Promise.withResolvers<void>();
    const pass = hallpass({
      sessions: createSessions({ store }),
      async onError() {
        source.push('piped'); // Before the next answer has begun.
        await turn();
        failed.resolve();
        return new Response('failed', { status: 503 });
      },
    });
    const listener = pass(async (req, res) => {
      (await pass.session(req)).set('n', 1);
      source.pipe(res);
      res.end('told');
    });
    const server = createServer({ ServerResponse: kind } as object, listener as RequestListener);
    const socket = connect(await startServer(server), '127.0.0.1').setEncoding('latin1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    await failed.promise;
    source.push(null);
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\n.*\r\n\r\nfailed$/s);
  });

  it('S152: is not begun by a handler that writes on after its own end, however long the error handlers take', async () => {
    const store = memoryStore();
    store.create = async () => {
      await turn();
      throw new Error('The disk is full.');
    };
    const asked = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    const pass = hallpass({
      sessions: createSessions({ store }),
      async onError() {
        asked.resolve();
        await written.promise;
        return new Response('sorry', { status: 203 });
      },
    });
    const listener = pass(async (req, res) => {
      (await pass.session(req)).set('n', 1);
      res.end('told');
      await asked.promise;
      seen.push(res.headersSent, res.writableEnded, res.write('late'));
      res.flushHeaders();
      for (const act of [
        () => res.setHeader('x-late', '1'),
        () => res.writeHead(200),
        () => res.end('late'),
      ]) {
        try {
          act();
        } catch (error) {
          seen.push((error as NodeJS.ErrnoException).code);
        }
      }
      setImmediate(written.resolve);
    });
    const server = createServer({ ServerResponse: kind } as object, listener as RequestListener);
    const socket = connect(await startServer(server), '127.0.0.1').setEncoding('latin1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 203 .*\r\n\r\nsorry$/s);
    expect(seen).toEqual([true, true, false, 'ERR_HTTP_HEADERS_SENT', 'ERR_HTTP_HEADERS_SENT']);
  });
});

describe('what is done with a session that nobody waits for is committed, though the answer ended before', () => {
  it.each([
    ['by whoever asks first', false],
    ['by whoever asks when another has had it', true],
  ])('%s', async (_, isAskedBefore) => {
    const pass = hallpass({ sessions: createSessions({ store: memoryStore() }) });
    const listener = pass(async (req, res) => {
      if (isAskedBefore) await pass.session(req);
      const note = async () => (await pass.session(req)).set('n', 1);
      void note();
      res.end('x');
    });
    const answer = await fetch(`http://127.0.0.1:${await startServer(createServer(listener))}`);
    expect([answer.status, answer.headers.getSetCookie().length]).toEqual([200, 1]);
  });
});
