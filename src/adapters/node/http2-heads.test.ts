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

/** What the stream says of its head, as soon as it is given. */
async function sentHeaders(name: string, isBare: boolean): Promise<unknown> {
  const { sessions, resolve } = gated();
  const pass = hallpass({ sessions, onEvent() {} });
  let sent: unknown;
  const listener = async (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
    if (!isBare) await login(pass.context(req));
    answers[name]?.(res);
    const { date, ...others } = res.stream.sentHeaders ?? {};
    sent = [typeof date, JSON.parse(JSON.stringify(others))];
    resolve();
    if (!res.stream.writableEnded && name !== 'file') res.end();
  };
  const port = await startServer(http2.createServer(isBare ? listener : pass(listener)));
  const session = http2.connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.close());
  const stream = session.request({ ':path': '/' }).resume();
  await once(stream, 'close');
  return sent;
}

it.each(Object.keys(answers))(
  'a stream of HTTP/2 that waits says which head it has sent: %s',
  async (name) => {
    expect(await sentHeaders(name, false)).toEqual(await sentHeaders(name, true));
  },
);

const refusals: Record<string, Answer> = {
  'a descriptor that is none': ({ stream }) => stream.respondWithFD('x' as never),
  'a check that is none': ({ stream }) => stream.respondWithFD(0, {}, { statCheck: 5 as never }),
  'an offset that is none': ({ stream }) => stream.respondWithFD(0, {}, { offset: 'x' as never }),
  'a status that is none': ({ stream }) => stream.respondWithFD(0, { ':status': 99 }),
};

/** With which code the answer is refused, as soon as it is given. */
async function refusalOf(answer: Answer, isBare: boolean): Promise<unknown> {
  const { sessions, resolve } = gated();
  const pass = hallpass({ sessions, onEvent() {} });
  let code: unknown;
  const listener = async (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
    if (!isBare) await login(pass.context(req));
    try {
      answer(res);
    } catch (error) {
      ({ code } = error as NodeJS.ErrnoException);
    }
    resolve();
    res.stream.close();
  };
  const port = await startServer(http2.createServer(isBare ? listener : pass(listener)));
  const session = http2.connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.close());
  await once(session.request({ ':path': '/' }).resume(), 'close');
  return code;
}

it.each(Object.keys(refusals))('a file of a stream that would wait is refused at once: %s', async (name) => {
  const answer = refusals[name] as Answer;
  const bare = await refusalOf(answer, true);
  expect(bare).toMatch(/^ERR_/);
  expect(await refusalOf(answer, false)).toBe(bare);
});
