import { once } from 'node:events';
import { createServer, type IncomingMessage, get as request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gated, login } from '../../../tools/test/node-hosts.ts';
import { hallpass } from './hallpass.ts';

/** What of a head is said by fields of the response, and each as somebody else might have it later. */
const late: Partial<ServerResponse> = {
  statusCode: 500,
  statusMessage: 'Late',
  sendDate: false,
  shouldKeepAlive: false,
  useChunkedEncodingByDefault: false,
};
const fieldsOf = (res: ServerResponse) =>
  Object.fromEntries(Object.keys(late).map((name) => [name, res[name as keyof ServerResponse]]));

async function answerOf(handle: (res: ServerResponse) => void): Promise<[IncomingMessage, object]> {
  const { sessions, reached, resolve } = gated();
  const seen = Promise.withResolvers<object>();
  const pass = hallpass({ sessions });
  const server = createServer(
    pass(async (req, res) => {
      await login(pass.context(req));
      res.on('finish', () => seen.resolve(fieldsOf(res)));
      handle(res);
      Object.assign(res, late);
      await reached;
      resolve();
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(
    request({ port, host: '127.0.0.1', agent: false, headers: { connection: 'keep-alive' } }),
    'response',
  )) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return [answer, await seen.promise];
}

describe('the head of an answer that waits', () => {
  it.each<[string, (res: ServerResponse) => void]>([
    ['one to which lines are added', () => {}],
    ['one that is made anew, for a header of it changes', (res) => res.setHeader('set-cookie', 'own=1')],
  ])('is as it was told, whatever the response says later: %s', async (_, prepare) => {
    const [answer, fields] = await answerOf((res) => {
      prepare(res);
      res.statusCode = 201;
      res.statusMessage = 'Made';
      res.setHeader('x-a', '1');
      res.write('body');
      res.end();
    });
    expect([answer.statusCode, answer.statusMessage]).toEqual([201, 'Made']);
    const { date, connection, 'transfer-encoding': coding } = answer.headers;
    expect([Date.parse(date ?? '') > 0, connection, coding]).toEqual([true, 'keep-alive', 'chunked']);
    expect(answer.headers['set-cookie']?.at(-1)).toContain('__Host-session');
    expect(fields).toEqual(late);
  });
});
