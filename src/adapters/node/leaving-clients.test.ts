import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { gated, login, nodeHosts, open } from '../../../tools/test/node-hosts.ts';

describe.each(nodeHosts)('a client that leaves %s while its answer waits', (_, serve) => {
  it('what is committed is kept when the client resets the connection meanwhile', async () => {
    const { sessions, reached, resolve } = gated();
    const ended = Promise.withResolvers<void>();
    const port = await serve(
      async (_req, res, context) => {
        await login(context);
        res.on('close', ended.resolve).end('x');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await reached;
    socket.resetAndDestroy();
    await ended.promise;
    resolve();
    await expect.poll(() => sessions.list('ada')).toHaveLength(1);
  });

  it('what the handler ends after the client has gone is committed', async () => {
    const sessions = open();
    const came = Promise.withResolvers<void>();
    const port = await serve(
      async (req, res, context) => {
        const session = await context.session();
        came.resolve();
        await once(req.socket, 'close');
        session.login('ada');
        res.end('x');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await came.promise;
    socket.destroy();
    await expect.poll(() => sessions.list('ada')).toHaveLength(1);
  });

  it('a client that has closed its half meanwhile gets its answer', async () => {
    const { sessions, reached, resolve } = gated();
    const closed = Promise.withResolvers<void>();
    const port = await serve(
      async (req, res, context) => {
        req.socket.once('end', closed.resolve);
        await login(context);
        res.end('all of it');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await reached;
    socket.end();
    await closed.promise;
    resolve();
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1.1 200 OK[\s\S]*all of it$/);
  });

  it.each(['closes its half', 'is cut off by the application'])(
    'where the client %s meanwhile, what is written behind the end is no uncaught exception, as without a session',
    async (how) => {
      const { sessions, reached, resolve } = gated();
      const errors: unknown[] = [];
      const ended = Promise.withResolvers<void>();
      const port = await serve(
        async (req, res, context) => {
          const closed = once(req.socket, 'end');
          res.on('error', (error) => errors.push(error));
          await login(context);
          res.write('x');
          if (how === 'closes its half') await closed;
          else req.socket.destroy();
          await setImmediate();
          res.end('y');
          res.end('z');
          res.write('w');
          await setImmediate();
          ended.resolve();
        },
        { sessions },
      );
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
      await reached;
      socket.end();
      await ended.promise;
      resolve();
      await socket.resume().toArray();
      expect(errors).toEqual([]);
    },
  );
});
