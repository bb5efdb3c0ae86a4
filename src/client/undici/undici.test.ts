import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { bearer, type ClientOptions, createClient, fetchTransport, traceOf } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { testClock } from 'hallpass/testing';
import { type Lab, startLab } from 'hallpass/testing/lab';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';

let lab: Lab;
const servers: Server[] = [];
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await lab.close();
});

/** A server, its origin, and the connections that were opened to it. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
}

const over = (options: ClientOptions = {}) => createClient({ transport: undiciTransport(), ...options });

describe('an answer over undici', () => {
  it('is a Response, and has what one of fetch has', async () => {
    const headers = ['x-a', 'é', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'vary', 'x', 'vary', 'y'];
    const { origin } = await serve((_, response) => response.writeHead(201, 'Made', headers).end('{"a":1}'));
    const facts = async (response: Response) => {
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      const { status, statusText, ok, type, redirected, url, bodyUsed } = response;
      const json = await response.json();
      return { headers, status, statusText, ok, type, redirected, url, bodyUsed, json };
    };
    const [ours, theirs] = await Promise.all([over().fetch(origin), fetch(origin)]);
    expect(ours).toBeInstanceOf(Response);
    expect(Object.prototype.toString.call(ours)).toBe('[object Response]');
    expect(await facts(ours)).toEqual(await facts(theirs));
    expect(ours.bodyUsed).toBe(true);
    await expect(ours.text()).rejects.toThrow(TypeError);
    await expect(ours.arrayBuffer()).rejects.toThrow(TypeError);
    expect(() => ours.clone()).toThrow(TypeError);
  });

  it('reads octets as fetch does, whichever reader is asked', async () => {
    let octets = new Uint8Array();
    const { origin } = await serve((_, response) => response.end(octets));
    const client = over();
    const anyOctets = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(`\ufeff${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(anyOctets, async (given) => {
        octets = Uint8Array.from(given);
        const whole = new Response(octets);
        expect(await (await client.fetch(origin)).text()).toBe(await whole.clone().text());
        expect(await (await client.fetch(origin)).bytes()).toEqual(octets);
        expect(new Uint8Array(await (await client.fetch(origin)).arrayBuffer())).toEqual(octets);
        expect(await (await (await client.fetch(origin)).blob()).bytes()).toEqual(octets);
      }),
      { numRuns: 40 },
    );
  });

  it('becomes a full one for a stream, a clone, a form and another Response', async () => {
    const { origin } = await serve((_, response) => {
      response.setHeader('content-type', 'application/x-www-form-urlencoded');
      response.end(`a=${'x'.repeat(300_000)}`);
    });
    const client = over();
    const get = () => client.fetch(origin);
    let streamed = 0;
    for await (const piece of (await get()).body ?? []) streamed += piece.byteLength;
    expect(streamed).toBe(300_002);
    const original = await get();
    const copy = original.clone();
    expect([(await copy.text()).length, (await original.text()).length]).toEqual([300_002, 300_002]);
    expect(traceOf(copy)).toBe(traceOf(original));
    expect(copy.url).toBe(`${origin}/`);
    expect(((await (await get()).formData()).get('a') as string).length).toBe(300_000);
    const wrapped = await get();
    expect((await new Response(wrapped.body, wrapped).text()).length).toBe(300_002);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
    ['identity', (text: string) => Buffer.from(text)],
    ['unheard-of', (text: string) => Buffer.from(text)],
  ])('is decoded: %s', async (coding, encode) => {
    const text = 'säuselnd '.repeat(9_000);
    const { origin } = await serve((_, response) => {
      response.setHeader('content-encoding', coding).end(encode(text));
    });
    const client = over();
    expect(await (await client.fetch(origin)).text()).toBe(text);
    expect((await (await client.fetch(origin, { method: 'HEAD' })).text()).length).toBe(0);
  });

  it('that blows up, is broken, or is encoded again and again ends with a typed error', async () => {
    const answers: Record<string, [string, Buffer]> = {
      '/bomb': ['gzip', gzipSync(Buffer.alloc(5_000_000))],
      '/broken': ['gzip', Buffer.from('this is no gzip')],
      '/tower': ['gzip, gzip, gzip, gzip, gzip, gzip', Buffer.from('x')],
    };
    const { origin } = await serve((request, response) => {
      const [coding, octets] = answers[request.url ?? ''] ?? ['identity', Buffer.from('')];
      response.setHeader('content-encoding', coding).end(octets);
    });
    const bomb = over({ limits: { maxDecoded: 100_000 } }).fetch(`${origin}/bomb`);
    expect(await failure(bomb.then((response) => response.text()))).toMatchObject({ code: 'body-too-large' });
    const client = over();
    const broken = client.fetch(`${origin}/broken`).then((response) => response.text());
    expect(await failure(broken)).toMatchObject({ code: 'network' });
    const tower = client.fetch(`${origin}/tower`).then((response) => response.text());
    expect(await failure(tower)).toMatchObject({ message: expect.stringContaining('6 times') });
  });

  it('S32: over limits.maxBody is refused by what came off the wire, before it is decoded', async () => {
    const octets = gzipSync(randomBytes(200_000));
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).write(octets.subarray(0, 1_000));
      response.end(octets.subarray(1_000));
    });
    const read = (maxBody: number, reader: 'text' | 'bytes' | 'blob') =>
      over({ limits: { maxBody } })
        .fetch(origin)
        .then((response): Promise<unknown> => response[reader]());
    for (const reader of ['text', 'bytes', 'blob'] as const) {
      expect(await failure(read(100_000, reader))).toMatchObject({
        code: 'body-too-large',
        limit: 'maxBody',
      });
      expect(await failure(read(500, reader))).toMatchObject({ code: 'body-too-large', limit: 'maxBody' });
    }
    expect(await read(octets.byteLength, 'bytes')).toHaveLength(200_000);
  });

  it('without a body has none', async () => {
    const { origin } = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { 'content-encoding': 'gzip' }).end();
    });
    const client = over();
    for (const status of [204, 304]) {
      const response = await client.fetch(`${origin}/${status}`);
      expect([response.body, await response.text(), response.bodyUsed]).toEqual([null, '', false]);
    }
    expect(await (await client.head(`${origin}/200`)).text()).toBe('');
  });
});

describe('a request over undici', () => {
  const form = new FormData();
  form.set('field', 'välue');
  form.set('file', new Blob(['content'], { type: 'text/x' }), 'name.txt');
  const bodies: [string, () => BodyInit][] = [
    ['text', () => 'täxt'],
    ['octets', () => new Uint8Array([1, 2, 3]).subarray(1)],
    ['a buffer', () => new Uint8Array([65, 66]).buffer],
    ['parameters', () => new URLSearchParams({ a: 'b c' })],
    ['a blob', () => new Blob(['blob'], { type: 'text/plain' })],
    ['a form', () => form],
    ['a stream', () => new Response('stream').body as ReadableStream],
    ['nothing', () => ''],
  ];

  it.each(bodies)('sends %s as fetch does', async (_, body) => {
    const events: unknown[] = [];
    const { origin } = await serve(async (request, response) => {
      const text = Buffer.concat(await request.toArray()).toString();
      const {
        'content-type': type,
        'transfer-encoding': chunked,
        'content-length': length,
      } = request.headers;
      const [, boundary = 'no boundary'] = /boundary=(.*)/.exec(type ?? '') ?? [];
      events.push([
        request.method,
        type?.replace(boundary, '…'),
        text.replaceAll(boundary, '…'),
        chunked ?? (boundary === 'no boundary' && length),
      ]);
      response.end();
    });
    for (const transport of [undiciTransport(), fetchTransport]) {
      await createClient({ transport }).post(origin, { body: body(), duplex: 'half' } as RequestInit);
    }
    expect(events[0]).toEqual(events[1]);
  });

  it('says who asks and what it understands, unless the caller does', async () => {
    const client = over();
    const sent = async (headers: HeadersInit) =>
      (await (await client.fetch(`${lab.origins.a}/headers`, { headers })).json()).headers;
    expect(await sent({})).toMatchObject({
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'user-agent': 'hallpass',
    });
    const own = { accept: 'text/x', 'accept-encoding': 'br', 'user-agent': 'me' };
    expect(await sent(own)).toMatchObject(own);
    expect(await sent({ range: 'bytes=0-1' })).toMatchObject({ 'accept-encoding': 'identity' });
  });

  it('carries secrets by scope, hop by hop, over one connection', async () => {
    const { origin, connections } = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end(JSON.stringify(request.headers));
      else
        response.writeHead(302, { location: `/${left - 1}`, 'set-cookie': `hop${left}=1` }).end('elsewhere');
    });
    const client = over({ credentials: bearer('a-secret-token', { for: origin }) });
    const response = await client.fetch(`${origin}/5`);
    expect(await response.json()).toMatchObject({
      authorization: 'Bearer a-secret-token',
      cookie: 'hop5=1; hop4=1; hop3=1; hop2=1; hop1=1',
    });
    expect([response.url, response.redirected, traceOf(response).hops.length]).toEqual([
      `${origin}/0`,
      true,
      6,
    ]);
    expect(connections).toHaveLength(1);
    for (let i = 0; i < 20; i++) await (await client.fetch(`${origin}/1`)).text();
    // undici itself takes a second one where a call follows the last octet of another within one turn of the event loop.
    expect(connections.length).toBeLessThanOrEqual(2);
  });

  it('S18 goes nowhere when the answer names two Locations, which no comma hides', async () => {
    const { origin } = await serve((request, response) => {
      const several: Record<string, string[]> = { '/two': ['a', 'b'], '/same': ['a, b', 'a, b'] };
      const location = several[request.url ?? ''];
      if (location !== undefined)
        response.writeHead(302, ['location', location[0], 'location', location[1]] as string[]);
      response.end(request.url);
    });
    expect(await failure(over().fetch(`${origin}/two`))).toMatchObject({ code: 'bad-location' });
    expect(await (await over().fetch(`${origin}/same`)).text()).toBe('/a,%20b');
  });

  it('over TLS trusts what `tls` says', async () => {
    const url = `${lab.origins.tls}/headers`;
    const trusting = over({ transport: undiciTransport({ tls: { ca: lab.ca } }) });
    expect((await trusting.fetch(url)).status).toBe(200);
    expect(await failure(over().fetch(url))).toMatchObject({ code: 'network' });
  });

  it('S8 S15 S23 falls from TLS to plain http without a secret, and is back on TLS with it', async () => {
    const { tls, a, b } = lab.origins;
    const client = over({
      transport: undiciTransport({ tls: { ca: lab.ca } }),
      credentials: bearer('hp-secret-tls', { for: tls }),
    });
    const to = (from: string, target: string) => `${from}/redirect-to?url=${encodeURIComponent(target)}`;
    const started = lab.log.length;
    const response = await client.fetch(to(tls, to(a, to(b, `${tls}/headers`))), {
      headers: { 'x-api-key': 'hp-secret-key' },
    });
    expect(lab.log.slice(started).map(({ origin, headers }) => [origin, headers.authorization])).toEqual([
      [tls, 'Bearer hp-secret-tls'],
      [a, undefined],
      [b, undefined],
      [tls, 'Bearer hp-secret-tls'],
    ]);
    expect(lab.log.slice(started).map(({ headers }) => headers['x-api-key'])).toEqual([
      'hp-secret-key',
      undefined,
      undefined,
      undefined,
    ]);
    const why = traceOf(response).hops.map(({ secrets }) =>
      secrets.map(({ verdict }) => verdict.reasons[0]?.code),
    );
    expect(why[3]).toEqual(['left-origin', undefined]);
  });

  it('S5 goes through a proxy, whose credentials no origin sees', async () => {
    const asked: (string | undefined)[] = [];
    const { origin: proxy, server } = await serve((_, response) => response.writeHead(500).end());
    server.on('connect', (request, socket: Socket, head) => {
      asked.push(request.headers['proxy-authorization']);
      const [host = '', port] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
    });
    const through = proxy.replace('//', '//user:proxy-password@');
    const client = over({ transport: undiciTransport({ proxy: through, tls: { ca: lab.ca } }) });
    const response = await client.fetch(`${lab.origins.tls}/headers`);
    expect(JSON.stringify(await response.json())).not.toContain('proxy');
    expect(asked).toEqual([`Basic ${btoa('user:proxy-password')}`]);
  });

  it('goes through a dispatcher of yours, which decides about everything else', async () => {
    const dispatcher = new Agent({ connections: 1 });
    const client = over({ transport: undiciTransport({ dispatcher }) });
    expect((await client.fetch(`${lab.origins.a}/headers`)).status).toBe(200);
    await dispatcher.close();
    expect(await failure(client.fetch(`${lab.origins.a}/headers`))).toMatchObject({ code: 'network' });
    for (const other of [{ guard: true }, { proxy: 'http://proxy.example' }, { tls: {} }])
      expect(() => undiciTransport({ dispatcher, ...other })).toThrow(TypeError);
  });

  it('may be sent without a client too', async () => {
    const send = undiciTransport();
    const request = { url: `${lab.origins.a}/headers`, method: 'GET', headers: new Headers({ 'x-a': 'b' }) };
    const response = await send({ ...request, signal: new AbortController().signal });
    expect((await response.json()).headers).toMatchObject({ 'x-a': 'b' });
    const aborted = send({ ...request, signal: AbortSignal.abort('no') });
    expect(await failure(aborted)).toBe('no');
  });
});

describe('time over undici', () => {
  it('S32 has a deadline for the connection of its own', async () => {
    const clock = testClock(0);
    const dispatcher = new Agent({ connect: () => {} });
    const client = over({ clock, timeout: { connect: '2s' }, transport: undiciTransport({ dispatcher }) });
    const call = failure(client.fetch(lab.origins.a));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance('2s');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'connect' });
  });

  it('counts the wait for the answer once the connection stands', async () => {
    const { origin, server } = await serve(() => {});
    const clock = testClock(0);
    const call = failure(over({ clock, timeout: { headers: '5s' } }).fetch(origin));
    await once(server, 'request');
    clock.advance('5s');
    expect(await call).toMatchObject({ code: 'timeout', phase: 'headers' });
  });

  it.each(['while the answer is awaited', 'while the body comes'])(
    'an abort lets the connection go: %s',
    async (when) => {
      const { origin, server } = await serve((_, response) => {
        if (when === 'while the body comes') response.writeHead(200).write('a piece');
      });
      const stop = new AbortController();
      const call = over().fetch(origin, { signal: stop.signal });
      const [request] = await once(server, 'request');
      const closed = once(request.socket, 'close');
      const reading = failure(call.then((response) => response.text()));
      if (when === 'while the body comes') await call;
      stop.abort('enough');
      expect(await reading).toBe('enough');
      await closed;
    },
  );

  it('a large body that is read late comes whole', async () => {
    const { origin } = await serve(async (_, response) => {
      for (let i = 0; i < 100; i++) {
        if (!response.write(Buffer.alloc(100_000, i))) await once(response, 'drain');
      }
      response.end();
    });
    const client = over();
    const [first, second] = await Promise.all([client.fetch(origin), client.fetch(origin)]);
    await (await client.fetch(lab.origins.a)).text();
    const octets = await first.bytes();
    expect([octets.byteLength, octets[0], octets.at(-1)]).toEqual([10_000_000, 0, 99]);
    let streamed = 0;
    for await (const piece of second.body ?? []) streamed += piece.byteLength;
    expect(streamed).toBe(10_000_000);
  });
});
