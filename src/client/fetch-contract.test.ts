import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../tools/test/failure.ts';
import { useServers } from '../../tools/test/serve.ts';
import { createClient, fetchTransport, IntegrityError } from './index.ts';
import { undiciTransport } from './undici/index.ts';

const serve = useServers();

const digest = (algorithm: string, text: string) =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

describe.each([
  ['fetchTransport', fetchTransport],
  ['undiciTransport', undiciTransport()],
])('over %s', (_, transport) => {
  let origin: string;
  const client = createClient({ transport });
  const body = 'the body that was asked for';
  beforeEach(async () => {
    origin = await serve((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/' }).end('moved');
      else if (request.url === '/zipped') response.setHeader('content-encoding', 'gzip').end(gzipSync(body));
      else if (request.url?.startsWith('/coded?'))
        response.setHeader('content-encoding', request.url.slice(7)).end(gzipSync(body));
      else if (request.url === '/empty') response.writeHead(204).end();
      else if (request.url === '/sent') {
        let octets = 0;
        request.on('data', (piece) => (octets += piece.length));
        request.on('end', () => response.end(JSON.stringify({ ...request.headers, octets })));
      } else response.end(body);
    });
  });

  const right = [
    digest('sha256', body),
    digest('sha384', body),
    digest('sha512', body),
    digest('sha256', body)
      .replace('sha256', 'SHA256')
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, ''),
    `${digest('sha256', 'another')} ${digest('sha512', body)}`,
    `${digest('sha384', 'another')} ${digest('sha384', body)}?option`,
    'md5-AAAA',
    '',
  ];
  const wrong = [
    digest('sha256', 'another'),
    `${digest('sha256', body)} ${digest('sha512', 'another')}`,
    'sha256-AAAA',
    'sha256-!!!',
    'sha384-',
    'sha512-{{ hash }}',
  ];

  it('integrity is judged as fetch judges it: over the decoded body at the end of the redirects', async () => {
    for (const path of ['/', '/moved', '/zipped']) {
      for (const integrity of right) {
        // Node's fetch compares base64url without padding to base64 with it.
        if (!integrity.startsWith('SHA'))
          expect(await (await fetch(`${origin}${path}`, { integrity })).text()).toBe(body);
        const response = await client.fetch(`${origin}${path}`, { integrity });
        expect([response.status, response.redirected, await response.text()]).toEqual([
          200,
          path === '/moved',
          body,
        ]);
      }
      for (const integrity of wrong) {
        await expect(fetch(`${origin}${path}`, { integrity })).rejects.toThrow(TypeError);
        const error = await failure(client.fetch(new Request(`${origin}${path}`, { integrity })));
        expect(error).toBeInstanceOf(IntegrityError);
        expect(error.code).toBe('integrity-mismatch');
      }
    }
    expect(await failure(client.fetch(`${origin}/empty`, { integrity: wrong[0] as string }))).toBeInstanceOf(
      IntegrityError,
    );
  });

  it('no options are none, also as null', async () => {
    expect((await client.fetch(origin, null as never)).status).toBe(
      (await fetch(origin, null as never)).status,
    );
  });

  it.each([
    ...['headers', 'body', 'signal', 'redirect', 'cache', 'credentials', 'mode', 'integrity', 'keepalive'],
    ...['referrer', 'referrerPolicy', 'window', 'duplex', 'priority'],
  ])('%s: null is what it is to fetch', async (name) => {
    const outcome = (method: typeof fetch) =>
      method(origin, { [name]: null } as RequestInit).then(
        ({ status }) => status,
        (error) => error.name,
      );
    expect(await outcome(client.fetch)).toBe(await outcome(fetch));
  });

  it('nobody can write into the headers of an answer, nor of its clone, and of a copy anybody can', async () => {
    const attempts: ((headers: Headers) => void)[] = [
      (headers) => headers.set('x-own', '1'),
      (headers) => headers.append('date', '1'),
      (headers) => headers.delete('date'),
    ];
    for (const method of [fetch, client.fetch]) {
      const answer = await method(origin);
      for (const { headers } of [answer, answer.clone()]) {
        for (const attempt of attempts) expect(() => attempt(headers)).toThrow(TypeError);
        expect([headers instanceof Headers, headers.constructor, headers.has('date')]).toEqual([
          true,
          Headers,
          true,
        ]);
      }
      const copy = new Response(answer.body, answer);
      for (const attempt of attempts) attempt(copy.headers);
      expect([copy.headers.get('x-own'), copy.headers.get('date')]).toEqual(['1', null]);
    }
  });

  it('codings that nobody knows leave the body as it came, identity is none, and six upon another are no answer', async () => {
    const get = (codings: string) => client.fetch(`${origin}/coded?${codings}`);
    for (const codings of ['gzip,identity', 'identity,gzip'])
      expect(await (await get(codings)).text()).toBe(body);
    for (const codings of ['identity', 'x-unknown', 'gzip,x-unknown', 'constructor'])
      expect(await (await get(codings)).bytes()).toEqual(new Uint8Array(gzipSync(body)));
    const six = Array(6).fill('gzip').join();
    await expect(fetch(`${origin}/coded?${six}`)).rejects.toThrow(TypeError);
    for (const method of ['GET', 'POST']) {
      const error = await failure(client.fetch(`${origin}/coded?${six}`, { method }));
      expect([error.name, error.code]).toEqual(['NetworkError', 'network']);
      expect(error.message).toContain('encoded 6 times over');
    }
    expect((await client.fetch(`${origin}/coded?${six}`, { method: 'HEAD' })).status).toBe(200);
  });

  it('an answer is a Response of the runtime to whoever asks it, copies it or makes another of its kind', async () => {
    const get = () => client.fetch(origin);
    const response = await get();
    expect(response).toBeInstanceOf(Response);
    expect([response.constructor, String(response)]).toEqual([Response, '[object Response]']);
    expect(await new Response(response.body, response).text()).toBe(body);
    const other = await get();
    const made = new (other.constructor as typeof Response)(other.body, other);
    expect([made.status, await made.text()]).toEqual([200, body]);
    expect(
      await new Request(origin, {
        method: 'POST',
        body: (await get()).body,
        duplex: 'half',
      } as RequestInit).text(),
    ).toBe(body);
  });

  const requestSent = async (method: typeof fetch, init: RequestInit) => {
    const { host, octets, ...headers } = await (
      await method(`${origin}/sent`, { method: 'POST', ...init })
    ).json();
    return {
      octets,
      length: headers['content-length'],
      pragma: headers.pragma,
      cache: headers['cache-control'],
    };
  };

  it.each<[string, RequestInit]>([
    ['a Content-Length that is right', { body: 'añb', headers: { 'Content-Length': '4' } }],
    ['that of octets', { body: new Uint8Array(5), headers: { 'content-length': '5' } }],
    ['that of a form', { body: new URLSearchParams({ a: 'b c' }), headers: { 'content-length': '5' } }],
    ['that of a Blob', { body: new Blob(['blob']), headers: { 'content-length': '4' } }],
    ['that of nothing', { headers: { 'content-length': '0' } }],
    ['a connection that is kept', { body: 'x', headers: { Connection: 'keep-alive' } }],
    ...(['default', 'no-store', 'reload', 'no-cache', 'force-cache'] as const).map(
      (cache): [string, RequestInit] => [`cache ${cache}`, { cache }],
    ),
    [
      'a cache beside the caller’s own word',
      { cache: 'no-store', headers: { 'cache-control': 'max-age=5' } },
    ],
    ...[
      { mode: 'no-cors' },
      { mode: 'same-origin' },
      { credentials: 'include' },
      { keepalive: true },
      { priority: 'low' },
      { priority: 'auto' },
      { referrerPolicy: 'origin' },
      { referrer: '' },
      { window: null },
      { unknown: 1 },
    ].map((init): [string, RequestInit] => [JSON.stringify(init), init as RequestInit]),
  ])('%s says what it says to fetch', async (_, init) => {
    expect(await requestSent(client.fetch, init)).toEqual(await requestSent(fetch, init));
  });

  it('a Host that is the URL’s is left out, with or without the default port', async () => {
    const { host } = new URL(origin);
    expect((await client.fetch(origin, { headers: { Host: host } })).status).toBe(200);
    const asked = createClient({ transport: async ({ headers }) => Response.json([...headers.keys()]) });
    for (const [url, host] of [
      ['https://API.example', 'api.example:443'],
      ['http://api.example:80', 'Api.Example'],
    ] as const)
      expect(await (await asked.fetch(url, { headers: { host } })).json()).toEqual([]);
  });

  const readBySomebody = () => {
    const stream = new Blob(['x']).stream();
    stream.getReader();
    return stream;
  };

  const readInPart = () => {
    const stream = new Blob(['x']).stream();
    const reader = stream.getReader();
    reader.read().catch(() => {});
    reader.releaseLock();
    return stream;
  };

  const cancelled = () => {
    const stream = new Blob(['x']).stream();
    void stream.cancel();
    return stream;
  };

  const readOfNode = () => {
    const stream = Readable.from(['x']);
    stream.push('of');
    stream.read();
    return stream;
  };

  const destroyed = () => Readable.from(['x']).destroy();

  it.each<[string, object, RegExp]>([
    [
      'a Content-Length that is wrong',
      { body: 'four', headers: { 'content-length': '5' } },
      /the body has 4 octets/,
    ],
    [
      'a Content-Length of a stream',
      { body: new Blob(['x']).stream(), headers: { 'content-length': '1' } },
      /Leave it out/,
    ],
    [
      'a Content-Length that is no number',
      { body: 'four', headers: { 'content-length': 'hp-secret' } },
      /leave it out/,
    ],
    ['a Content-Length in another writing', { body: 'abc', headers: { 'content-length': '03' } }, /says 03/],
    ...[5, false, { secret: 'hp-secret' }, [1, 2], Symbol('x')].map((body): [string, object, RegExp] => [
      `a body that is none (${typeof body})`,
      { body },
      /^body of a call is text, octets, .* json: data/,
    ]),
    ['a stream that another reads', { body: readBySomebody(), duplex: 'half' }, /another reads/],
    ...[readInPart, cancelled, readOfNode, destroyed].map((make): [string, object, RegExp] => [
      `a stream that was ${make.name}`,
      { body: make(), duplex: 'half' },
      /read before/,
    ]),
    ['a Symbol as the name of a header', { headers: { [Symbol('hp-secret')]: 'x' } }, /is no text/],
    ['a Symbol in a list of headers', { headers: [[Symbol('hp-secret'), 'x']] }, /is no text/],
    ['a Host that is another', { headers: { host: 'other.example' } }, /host is written by the transport/],
    ['a connection that is closed', { headers: { connection: 'close' } }, /leave it out/],
    ['a dispatcher', { dispatcher: {} }, /undiciTransport\({ dispatcher }\)/],
    ['a referrer', { referrer: 'https://app.example.com/page' }, /headers: { referer: url }/],
    ['cache only-if-cached', { cache: 'only-if-cached' }, /cache is/],
    ['mode navigate', { mode: 'navigate' }, /mode is/],
    ['mode no-cors for what a page cannot send', { mode: 'no-cors', method: 'PUT' }, /GET, HEAD and POST/],
    ['a redirect that is none', { redirect: 'x' }, /redirect is 'follow'/],
    ['credentials that are none', { credentials: 'all' }, /credentials is/],
    ['a policy that is none', { referrerPolicy: 'x' }, /referrerPolicy is/],
    ['a priority that is none', { priority: 'x' }, /priority is/],
    ['a window', { window: {} }, /window is null/],
    ['duplex full', { duplex: 'full' }, /duplex is 'half'/],
    ['a signal that is none', { signal: {} }, /^signal of a call must be an AbortSignal/],
  ])('%s is a TypeError that says the fix', async (_, init, sentence) => {
    const error = await failure(client.fetch(`${origin}/sent`, { method: 'POST', ...init } as RequestInit));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('hp-secret');
  });
});
