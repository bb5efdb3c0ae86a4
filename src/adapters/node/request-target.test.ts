import { once } from 'node:events';
import { createServer } from 'node:http';
import * as http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { sendRaw, startServer } from '../../../tools/test/serve.ts';
import { peerAddressOf } from '../../server/peer-address.ts';
import { type ToNodeOptions, toNodeListener } from './listener.ts';

/** The method, URL and address that a handler sees of a message; the status where none does. */
async function see(text: string, options?: ToNodeOptions): Promise<unknown> {
  const listener = toNodeListener(
    (request) =>
      Response.json([request.method, request.url, peerAddressOf(request)], {
        headers: { connection: 'close' },
      }),
    options,
  );
  const answer = await sendRaw(await startServer(createServer(listener)), text);
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  const status = Number(head.split(' ', 2)[1]);
  return status === 200 ? JSON.parse(body) : status;
}

describe('the request target and Host become the URL, or are refused', () => {
  it.each<[string, string, unknown]>([
    ['a path', 'GET /a?b=c HTTP/1.1\r\nHost: a.test\r\n', 'http://a.test/a?b=c'],
    ['a port', 'GET / HTTP/1.1\r\nHost: a.test:8080\r\n', 'http://a.test:8080/'],
    ['an IPv6 host', 'GET / HTTP/1.1\r\nHost: [::1]:8080\r\n', 'http://[::1]:8080/'],
    [
      'two slashes stay a path',
      'GET //evil.test/a HTTP/1.1\r\nHost: a.test\r\n',
      'http://a.test//evil.test/a',
    ],
    ['an @ stays a path', 'GET /@evil.test HTTP/1.1\r\nHost: a.test\r\n', 'http://a.test/@evil.test'],
    ['absolute-form', 'GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\n', 'http://a.test/x?y'],
    [
      'absolute-form of another scheme',
      'GET https://a.test/x HTTP/1.1\r\nHost: a.test\r\n',
      'http://a.test/x',
    ],
    ['absolute-form of another host', 'GET http://evil.test/ HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['absolute-form of another port', 'GET http://a.test:81/ HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['another scheme', 'GET ftp://a.test/ HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['no path', 'GET a HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a.test\r\n', 400],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n', 400],
    ['two equal Hosts', 'GET / HTTP/1.1\r\nHost: a.test\r\nhost: a.test\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n', 400],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n', 400],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a.test/x\r\n', 400],
    ['a Host with a user', 'GET / HTTP/1.1\r\nHost: u@a.test\r\n', 400],
    ['a Host with a query', 'GET / HTTP/1.1\r\nHost: a.test?x\r\n', 400],
    ['a Host with a comma', 'GET / HTTP/1.1\r\nHost: a.test, b.test\r\n', 400],
    ['a Host beyond ports', 'GET / HTTP/1.1\r\nHost: a.test:99999\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a.test\r\n', 501],
  ])('%s', async (_, head, expected) => {
    const found = await see(`${head}Connection: close\r\n\r\n`);
    expect(Array.isArray(found) ? found[1] : found).toBe(expected);
  });

  it('HTTP/1.0 without a Host is asked of the address that it reached', async () => {
    expect(await see('GET /x HTTP/1.0\r\n\r\n')).toEqual([
      'GET',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/x$/),
      '127.0.0.1',
    ]);
  });
});

describe('X-Forwarded-*', () => {
  const via = (...lines: string[]) =>
    `GET / HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n${lines.map((line) => `X-Forwarded-${line}\r\n`).join('')}\r\n`;

  it.each<[string, string[], string | string[] | undefined, unknown[]]>([
    [
      'is not believed by default',
      ['For: 1.2.3.4', 'Proto: https'],
      undefined,
      ['http://inner/', '127.0.0.1'],
    ],
    [
      'is not believed from strangers',
      ['For: 1.2.3.4', 'Proto: https'],
      '10.0.0.0/8',
      ['http://inner/', '127.0.0.1'],
    ],
    [
      'is believed from the proxy',
      ['For: 1.2.3.4', 'Proto: https', 'Host: a.test'],
      '127.0.0.1',
      ['https://a.test/', '1.2.3.4'],
    ],
    [
      'is believed from its subnet',
      ['For: 1.2.3.4'],
      ['10.0.0.0/8', '127.0.0.0/8'],
      ['http://inner/', '1.2.3.4'],
    ],
    [
      'what the visitor made up stands to the left',
      ['For: 6.6.6.6, 1.2.3.4'],
      '127.0.0.1',
      ['http://inner/', '1.2.3.4'],
    ],
    [
      'several lines are one list',
      ['For: 6.6.6.6', 'For: 1.2.3.4'],
      '127.0.0.1',
      ['http://inner/', '1.2.3.4'],
    ],
    [
      'a chain of proxies is walked to the visitor',
      ['For: 6.6.6.6, 1.2.3.4, 10.0.0.9', 'Proto: http, https, http'],
      ['127.0.0.1', '10.0.0.0/8'],
      ['https://inner/', '1.2.3.4'],
    ],
    ['an IPv6 visitor', ['For: 2001:db8::1'], '127.0.0.1', ['http://inner/', '2001:db8::1']],
    [
      'garbage is not an address',
      ['For: <script>', 'Proto: javascript'],
      '127.0.0.1',
      ['http://inner/', '127.0.0.1'],
    ],
  ])('%s', async (_, lines, trustProxy, expected) => {
    expect(await see(via(...lines), { trustProxy })).toEqual(['GET', ...expected]);
  });

  it('a forwarded Host is validated like another, and excuses no second Host', async () => {
    expect(await see(via('Host: a.test/x'), { trustProxy: '127.0.0.1' })).toBe(400);
    const twice = via('Host: a.test').replace('Host: inner', 'Host: inner\r\nHost: other');
    expect(await see(twice, { trustProxy: '127.0.0.1' })).toBe(400);
  });

  it('its host is not believed where the proxies pass on what a visitor says', async () => {
    const trustProxy = { addresses: '127.0.0.1', host: false };
    expect(await see(via('For: 1.2.3.4', 'Proto: https', 'Host: evil.test'), { trustProxy })).toEqual([
      'GET',
      'https://inner/',
      '1.2.3.4',
    ]);
  });
});

describe('one kind of header is read, the other is the visitor’s own', () => {
  const both =
    'GET / HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n' +
    'X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: x.test\r\n' +
    'Forwarded: for="[2001:db8::2]:4711";proto=https;host=f.test\r\n\r\n';

  it.each([
    ['x-forwarded', 'http://x.test/', '192.0.2.1'],
    ['forwarded', 'https://f.test/', '2001:db8::2'],
    [undefined, 'http://x.test/', '192.0.2.1'],
  ] as const)('headers: %j', async (headers, url, address) => {
    expect(await see(both, { trustProxy: { addresses: '127.0.0.1', headers } })).toEqual([
      'GET',
      url,
      address,
    ]);
  });

  it('where theirs is missing, the other one does not take its place', async () => {
    const trustProxy = { addresses: '127.0.0.1', headers: 'forwarded' } as const;
    const without = both.replace(/Forwarded: for.*\r\n/, '');
    expect(await see(without, { trustProxy })).toEqual(['GET', 'http://inner/', '127.0.0.1']);
  });
});

describe('S154: :authority and Host of HTTP/2', () => {
  it.each([
    ['Host alone', undefined, 'app.test', [200, 'http://app.test/']],
    [':authority alone', 'app.test', undefined, [200, 'http://app.test/']],
    ['both alike', 'app.test', 'APP.test:80', [200, 'http://app.test/']],
    ['another Host', 'app.test', 'evil.test', [400, undefined]],
    ['another port', 'app.test', 'app.test:81', [400, undefined]],
    ['a Host that is none', 'app.test', 'app.test:99999', [400, undefined]],
  ])('%s', async (_, authority, host, expected) => {
    const port = await startServer(
      http2.createServer(toNodeListener((request) => Response.json(request.url))),
    );
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const headers = { ':path': '/', ...(authority && { ':authority': authority }), ...(host && { host }) };
    const stream = session.request(headers).setEncoding('utf8');
    const [head] = await once(stream, 'response');
    let text = '';
    for await (const chunk of stream) text += chunk;
    session.close();
    expect([head[':status'], head[':status'] === 200 ? JSON.parse(text) : undefined]).toEqual(expected);
  });
});
