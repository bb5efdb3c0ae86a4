import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gated, login, nodeHosts } from '../../../tools/test/node-hosts.ts';

describe.each(nodeHosts)('%s', (_, serve) => {
  it('an answer that says close is the last on its connection, though the next request comes at once', async () => {
    const { sessions, reached, resolve } = gated();
    let requests = 0;
    const port = await serve(
      async (_req, res, context) => {
        requests++;
        if (requests === 1) await login(context);
        res.setHeader('connection', 'close');
        res.end('last');
      },
      { sessions },
    );
    const socket = connect(port, '127.0.0.1')
      .setEncoding('utf8')
      .on('error', () => {});
    onTestFinished(() => void socket.destroy());
    const ask = () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    let text = '';
    socket.on('data', (part) => {
      if (text === '') ask();
      text += part;
    });
    ask();
    await reached;
    await new Promise(setImmediate);
    resolve();
    await once(socket, 'close');
    expect([requests, text.match(/HTTP\/1.1/g)]).toEqual([1, ['HTTP/1.1']]);
  });
});
