import { once } from 'node:events';
import * as http2 from 'node:http2';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { gated, login } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { type HallpassOptions, hallpass } from './hallpass.ts';

type Answer = (res: http2.Http2ServerResponse) => void;
type OnError = HallpassOptions<Record<string, unknown>>['onError'];

const answers: Record<string, Answer> = {
  end: (res) => void res.end('signed in'),
  'writeHead and end': (res) => void res.writeHead(201, { 'x-a': '1' }).end('signed in'),
  'write and end': (res) => {
    res.write('signed ');
    res.end('in');
  },
  'write alone': (res) => void res.write('signed in'),
  'a file of the stream': ({ stream }) => stream.respondWithFile(fileURLToPath(import.meta.url)),
};

/** What a client gets over HTTP/2 where the login of the answer cannot be committed. */
async function answerToFailure(answer: Answer, onError: OnError): Promise<string> {
  const { sessions, reject } = gated();
  const pass = hallpass({ sessions, onEvent() {}, onError });
  const port = await startServer(
    http2.createServer(
      pass(async (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
        await login(pass.context(req));
        answer(res);
        reject(new Error('away'));
      }),
    ),
  );
  const session = http2.connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.close());
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  const [headers] = await once(stream, 'response');
  let text = '';
  for await (const part of stream) text += part;
  return `${headers[':status']} ${headers['set-cookie'] ?? ''}${text}`;
}

it.each(Object.keys(answers))(
  'onError answers a commit that failed over HTTP/2, in the place of: %s',
  async (name) => {
    const answer = answers[name] as Answer;
    const mine = await answerToFailure(answer, (error) =>
      Response.json({ own: String(error) }, { status: 599 }),
    );
    expect(mine).toBe('599 {"own":"Error: away"}');
    expect(await answerToFailure(answer, () => undefined)).toBe('500 {"error":"internal"}');
    expect(await answerToFailure(answer, undefined)).toBe('500 {"error":"internal"}');
  },
);

it('an onError that throws, or gives what cannot be sent, is answered with 500', async () => {
  const end = answers.end as Answer;
  const unsendable = () => Response.error();
  const thrower = () => {
    throw undefined;
  };
  for (const onError of [unsendable, thrower]) {
    expect(await answerToFailure(end, onError)).toBe('500 {"error":"internal"}');
  }
});
