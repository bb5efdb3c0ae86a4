import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import * as http2 from 'node:http2';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { gated, login } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { hallpass } from './hallpass.ts';

type Answer = (res: http2.Http2ServerResponse) => void;

const answers: Record<string, Answer> = {
  head: (res) => void res.writeHead(201, { 'x-a': '1' }),
  'text alone': (res) => void res.write('x'),
  'head of the stream': ({ stream }) => stream.respond({ ':status': 202, 'x-b': ['1', '2'] }),
  'list of the stream': ({ stream }) => stream.respond([':status', '203', 'x-c', '1']),
  'no body': (res) => void res.writeHead(204).end(),
  file(res) {
    const fd = openSync(fileURLToPath(import.meta.url), 'r');
    res.on('close', () => closeSync(fd));
    res.stream.respondWithFD(fd, { 'x-d': '1' });
  },
};

/** What is seen where an answer is given, by a handler without hallpass or of one whose answer then waits. */
async function seenBy(look: (res: http2.Http2ServerResponse) => unknown, isBare: boolean): Promise<unknown> {
  const { sessions, resolve } = gated();
  const pass = hallpass({ sessions, onEvent() {} });
  let seen: unknown;
  const listener = async (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
    if (!isBare) await login(pass.context(req));
    seen = look(res);
    resolve();
  };
  const port = await startServer(http2.createServer(isBare ? listener : pass(listener)));
  const session = http2.connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.close());
  await once(session.request({ ':path': '/' }).resume(), 'close');
  return seen;
}

it.each(Object.keys(answers))(
  'a stream of HTTP/2 that waits says which head it has sent: %s',
  async (name) => {
    const look = (res: http2.Http2ServerResponse) => {
      answers[name]?.(res);
      const { date, ...others } = res.stream.sentHeaders ?? {};
      if (name !== 'file' && !res.stream.writableEnded) res.end();
      return [typeof date, JSON.parse(JSON.stringify(others))];
    };
    expect(await seenBy(look, false)).toEqual(await seenBy(look, true));
  },
);

const refusals: Record<string, Answer> = {
  'a descriptor that is none': ({ stream }) => stream.respondWithFD('x' as never),
  'a check that is none': ({ stream }) => stream.respondWithFD(0, {}, { statCheck: 5 as never }),
  'an offset that is none': ({ stream }) => stream.respondWithFD(0, {}, { offset: 'x' as never }),
  'a status that is none': ({ stream }) => stream.respondWithFD(0, { ':status': 99 }),
};

it.each(Object.keys(refusals))('a file of a stream that would wait is refused at once: %s', async (name) => {
  const look = (res: http2.Http2ServerResponse) => {
    try {
      refusals[name]?.(res);
      return 'nothing';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    } finally {
      res.stream.close();
    }
  };
  const bare = await seenBy(look, true);
  expect(bare).toMatch(/^ERR_/);
  expect(await seenBy(look, false)).toBe(bare);
});
