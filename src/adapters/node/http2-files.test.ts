import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import * as http2 from 'node:http2';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gated, login } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { HttpError } from '../../errors.ts';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';
import { hallpass } from './hallpass.ts';

describe('a file that a stream of HTTP/2 sends by its path', () => {
  it('is no answer yet where the handler throws behind it: the answer is 500, and no login is kept', async () => {
    const sessions = createSessions({ store: memoryStore() });
    const pass = hallpass({ sessions, onEvent: () => {} });
    const port = await startServer(
      http2.createServer(
        pass(async (req: http2.Http2ServerRequest, { stream }: http2.Http2ServerResponse) => {
          await login(pass.context(req));
          stream.respondWithFile(fileURLToPath(import.meta.url));
          throw new Error('behind it');
        }),
      ),
    );
    const session = http2.connect(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.close());
    const stream = session.request({ ':path': '/' });
    const [headers] = await once(stream, 'response');
    stream.resume();
    await once(stream, 'close');
    expect(headers).toMatchObject({ ':status': 500 });
    expect(headers).not.toHaveProperty('set-cookie');
    expect(await sessions.list('ada')).toEqual([]);
  });
});

it('a file by its path is refused at once for what has no body, whoever asked for the session', async () => {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }) });
  const codes: unknown[] = [];
  const port = await startServer(
    http2.createServer(
      pass(async (req: http2.Http2ServerRequest, { stream }: http2.Http2ServerResponse) => {
        if (req.url === '/read') await pass.session(req);
        else await login(pass.context(req));
        try {
          stream.respondWithFile(fileURLToPath(import.meta.url));
        } catch (error) {
          codes.push((error as NodeJS.ErrnoException).code);
        }
        stream.respond({ ':status': 204 }, { endStream: true });
      }),
    ),
  );
  const session = http2.connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.close());
  for (const path of ['/read', '/login']) {
    const stream = session.request({ ':method': 'HEAD', ':path': path });
    await once(stream, 'response');
    stream.resume();
    await once(stream, 'close');
  }
  expect(codes).toEqual(Array(2).fill('ERR_HTTP2_PAYLOAD_FORBIDDEN'));
});

describe('a file that a stream of HTTP/2 sends by its descriptor', () => {
  const file = new URL(import.meta.url);
  const whole = readFileSync(file, 'utf8');

  /** Asks for the file, of a handler that has signed in where there are sessions, and decides the commit once it is asked for. */
  async function fetchFile(decide?: (commit: ReturnType<typeof gated>) => void) {
    const commit = decide === undefined ? undefined : gated();
    const pass = hallpass({ sessions: commit?.sessions });
    const descriptor = openSync(file, 'r');
    onTestFinished(() => closeSync(descriptor));
    const seen: unknown[] = [];
    const port = await startServer(
      http2.createServer(
        pass(async (req: http2.Http2ServerRequest, { stream }: http2.Http2ServerResponse) => {
          if (commit !== undefined) await login(pass.context(req));
          stream.respondWithFD(descriptor, { 'x-a': '1' }, { offset: 0, length: whole.length });
          seen.push(stream.headersSent);
          try {
            stream.respond({});
          } catch (error) {
            seen.push((error as NodeJS.ErrnoException).code);
          }
        }),
      ),
    );
    const session = http2.connect(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.close());
    const stream = session.request({ ':path': '/' }).setEncoding('utf8');
    let hasBegun = false;
    const answered = once(stream, 'response').finally(() => {
      hasBegun = true;
    });
    if (commit !== undefined) {
      await commit.reached;
      await new Promise(setImmediate);
      expect(hasBegun).toBe(false);
      decide?.(commit);
    }
    const [headers] = await answered;
    let text = '';
    for await (const chunk of stream) text += chunk;
    return { headers, text, seen };
  }

  it('waits for the commit, and carries its cookie', async () => {
    const { headers, text, seen } = await fetchFile(({ resolve }) => resolve());
    expect(headers).toMatchObject({ ':status': 200, 'x-a': '1', vary: 'Cookie' });
    expect(headers['set-cookie']).toHaveLength(1);
    expect(text).toBe(whole);
    expect(seen).toEqual([true, 'ERR_HTTP2_HEADERS_SENT']);
  });

  it('is not sent where the commit fails', async () => {
    const { headers, text } = await fetchFile(({ reject }) =>
      reject(new HttpError('session-gone', 409, 'Gone.')),
    );
    expect(headers).toMatchObject({ ':status': 409 });
    expect(headers).not.toHaveProperty('x-a');
    expect(text).toContain('Gone.');
  });

  it('goes out at once where there is nothing to commit', async () => {
    const { headers, text, seen } = await fetchFile();
    expect(headers).toMatchObject({ ':status': 200, 'x-a': '1' });
    expect(headers).not.toHaveProperty('vary');
    expect(text).toBe(whole);
    expect(seen).toEqual([true, 'ERR_HTTP2_HEADERS_SENT']);
  });
});
