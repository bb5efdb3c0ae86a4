import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useLab } from '../../../tools/test/lab.ts';
import { bearer, type CallError, createClient, NetworkError, TimeoutError, traceOf } from '../index.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server of bare sockets: what it says to each request, and whether it hangs up then. */
async function speaking(
  answer: string | Buffer,
  then: 'ends' | 'waits' | 'resets' = 'ends',
): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(answer, () => {
        if (then === 'ends') socket.end();
        else if (then === 'resets') socket.resetAndDestroy();
      });
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const lab = useLab();

describe('a server whose answer is none', () => {
  it.each<[string, string | Buffer]>([
    ['hangs up at once', ''],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['sends noise', Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 167 + 13) & 0xff))],
    ['sends half a status line', 'HTTP/1.'],
    ['sends a status that is no number', 'HTTP/1.1 OK fine\r\n\r\n'],
    ['sends half a header', 'HTTP/1.1 200 OK\r\nContent-Ty'],
    ['sends a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['sends a header with a NUL', 'HTTP/1.1 200 OK\r\nx-own: a\0b\r\n\r\n'],
    ['sends 1 MB of headers', `HTTP/1.1 200 OK\r\n${`x-own: ${'x'.repeat(1_000)}\r\n`.repeat(1_024)}\r\n`],
    ['sends one header of 1 MB', `HTTP/1.1 200 OK\r\nx-own: ${'x'.repeat(1 << 20)}\r\n\r\n`],
    ['names two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    ['names a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx'],
    [
      'names a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nxxx',
    ],
  ])('that %s is a NetworkError with the trace so far', async (_, answer) => {
    const bad = await speaking(answer);
    const client = createClient({
      credentials: bearer('hp-secret-token', { for: [lab.origins.a, new URL(bad).origin] }),
    });
    const url = `${lab.origins.a}/redirect-to?url=${encodeURIComponent(bad)}`;
    const error: CallError = await failure(client.fetch(url).then((response) => response.text()));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.code).toBe('network');
    expect(error.message.startsWith(`GET ${bad} got `)).toBe(true);
    expect(error.trace.hops.map(({ url }) => url)).toEqual([expect.stringContaining(lab.origins.a), bad]);
    expect(error.trace.hops[1]?.error).toBe('network');
    expect(`${error.message}${error.trace}${error.cause}`).not.toContain('hp-secret');
  });

  it.each(['', 'HTTP/1.1 200 OK\r\nContent-Ty'])(
    'that says %j and no more is a TimeoutError',
    async (answer) => {
      const bad = await speaking(answer, 'waits');
      const error = await failure(createClient({ timeout: { headers: '50ms' } }).fetch(bad));
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ phase: 'headers', trace: { hops: [{ error: 'timeout' }] } });
    },
  );
});

describe('a body that breaks off', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  it.each<[string, string, 'ends' | 'resets']>([
    ['short of its Content-Length', `${head}Content-Length: 10\r\n\r\nshort`, 'ends'],
    ['by a reset', `${head}Content-Length: 10\r\n\r\nshort`, 'resets'],
    ['in the middle of a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n10\r\nshort`, 'ends'],
    ['before the last chunk', `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n`, 'ends'],
    ['with a chunk that has no size', `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\nshort\r\n`, 'ends'],
  ])('%s is a NetworkError for every reader, with the trace', async (_, answer, then) => {
    const bad = await speaking(answer, then);
    for (const read of ['text', 'json', 'arrayBuffer', 'blob', 'bytes'] as const) {
      const error = await failure(
        createClient()
          .fetch(bad)
          .then((response) => response[read]()),
      );
      expect(error).toBeInstanceOf(NetworkError);
      expect(error.code).toBe('network');
      expect(error.trace.hops).toHaveLength(1);
    }
    expect(await failure(createClient().get(bad).json())).toBeInstanceOf(NetworkError);
  });

  it('is one for a stream too, where the body is watched', async () => {
    const bad = await speaking(`${head}Content-Length: 10\r\n\r\nshort`);
    const response = await createClient({ limits: { maxBody: 100 } }).fetch(bad);
    const reader = (response.body as ReadableStream).getReader();
    expect(await failure(reader.read().then(() => reader.read()))).toBeInstanceOf(NetworkError);
  });

  it('and what the reader itself objects to are told apart', async () => {
    const response = await createClient().fetch(await speaking(`${head}Content-Length: 5\r\n\r\nshort`));
    const copy = response.clone();
    await expect(copy.json()).rejects.toBeInstanceOf(SyntaxError);
    expect(await response.text()).toBe('short');
    await expect(response.text()).rejects.toBeInstanceOf(TypeError);
  });

  it('longer than its Content-Length gives what the length says', async () => {
    const response = await createClient().fetch(await speaking(`${head}Content-Length: 3\r\n\r\nlonger`));
    expect(await response.text()).toBe('lon');
  });
});

describe('S38 X5 an odd Location, over the wire', () => {
  const credentials = () => bearer('hp-secret-token', { for: lab.origins.a });
  const to = (target: string, status = 302) =>
    `${lab.origins.a}/redirect-to?status_code=${status}&url=${encodeURIComponent(target)}`;

  it.each<[string, (b: URL) => string]>([
    ['backslashes for slashes', (b) => `http:\\\\${b.host}\\headers`],
    ['no scheme and backslashes', (b) => `\\\\${b.host}/headers`],
    ['three slashes', (b) => `///${b.host}/headers`],
    ['four slashes', (b) => `http:////${b.host}/headers`],
    ['a user that looks like a host', (b) => `http://127.0.0.1@${b.host}/headers`],
    ['spaces around', (b) => `  http://${b.host}/headers  `],
  ])('with %s is judged as the URL that is connected to', async (_, location) => {
    const response = await createClient({ credentials: credentials() }).fetch(
      to(location(new URL(lab.origins.b))),
    );
    expect(response.status).toBe(200);
    expect(lab.log.map(({ origin, headers }) => [origin, headers.authorization])).toEqual([
      [lab.origins.a, 'Bearer hp-secret-token'],
      [lab.origins.b, undefined],
    ]);
    expect(traceOf(response).hops[1]?.secrets[0]?.verdict.reasons[0]?.code).toMatch(
      /^scope-other-(host|port)$/,
    );
  });

  it('with one slash too few is a path, on the origin that sent it', async () => {
    const { a, b } = lab.origins;
    await createClient({ credentials: credentials() }).fetch(to(`HTTP:/${new URL(b).host}/headers`));
    expect(lab.log.map(({ origin, path }) => [origin, path]).at(-1)).toEqual([
      a,
      `/${new URL(b).host}/headers`,
    ]);
  });

  it.each([300, 304])('S14 a %d with one is an answer', async (status) => {
    const response = await createClient().fetch(to('/headers', status));
    expect([response.status, lab.log.length]).toEqual([status, 1]);
  });

  it('two different paths are an error too', async () => {
    const error = await failure(
      createClient().fetch(`${lab.origins.a}/redirect-to?url=/headers&url=/cookies`),
    );
    expect([error.code, lab.log.length]).toEqual(['bad-location', 1]);
  });

  it('two different ones on an answer to HEAD are an error too', async () => {
    const { a, b } = lab.origins;
    const error = await failure(createClient().head(`${a}/redirect-to?url=${b}/x&url=${a}/y`));
    expect([error.code, lab.log.length]).toEqual(['bad-location', 1]);
  });

  it.each([
    'unix:/var/run/docker.sock:/x',
    'blob:http://127.0.0.1/x',
    'file:///etc/passwd',
    'http://127.0.0.1:99999/',
  ])('%s is refused before anything is sent', async (target) => {
    const error = await failure(createClient().fetch(to(target)));
    expect([error.code, lab.log.length]).toEqual(['bad-location', 1]);
  });
});

it('Response.error(), by which a fetch says that there is no answer, is a NetworkError, and may be retried', async () => {
  let asked = 0;
  const transport = async () => (asked++ === 0 ? Response.error() : new Response('here'));
  const error = await failure(createClient({ transport }).fetch('https://a.test/'));
  expect(error).toMatchObject({ name: 'NetworkError', code: 'network' });
  expect(error.message).toContain('the transport gave Response.error()');
  asked = 0;
  const patient = createClient({ transport, retry: { delay: 0 } });
  expect(await patient.get('https://a.test/').text()).toBe('here');
});
