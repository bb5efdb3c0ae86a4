import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintExchanges } from '../lint-exchanges.ts';
import { readExchanges } from './read-exchanges.ts';

const lineOf = (text: string) => readExchanges(text)?.exchanges[0]?.responseHeaders?.[0]?.[1];

describe('what people paste', () => {
  it.each([
    ['a line', 'Set-Cookie: id=1; Path=/', 'set-cookie'],
    ['a line without its header', 'id=1; Path=/', 'set-cookie'],
    [
      'what curl -v printed',
      '> GET / HTTP/1.1\n> Host: a.test\n>\n< HTTP/1.1 200 OK\n< Set-Cookie: id=1',
      'curl',
    ],
    ['a HAR file', '{"log":{"entries":[]}}', 'har'],
    ['a call of defineCookie', "defineCookie('id', { path: '/' })", 'definition'],
    ['JSON', '{ "name": "id", "secure": true }', 'definition'],
  ])('is known: %s', (_, text, kind) => {
    expect(readExchanges(text)?.kind).toBe(kind);
  });

  it.each(['', 'hello', '{}', '{ a: 1 }', '<script>alert(1)</script>', 'null', '[]'])(
    'is nothing that is known: %s',
    (text) => {
      expect(readExchanges(text)).toBeUndefined();
    },
  );

  it('is read by literals and never run', () => {
    expect(
      lineOf(
        "res.cookie('id', secret(), { maxAge: 60 * 60, path: location.href, secure: true, sameSite: `lax` })",
      ),
    ).toBe('id=value; Max-Age=3600; Secure; SameSite=lax');
    expect(lineOf('{ name: (() => { throw 1 })(), httpOnly: true }')).toBe('cookie=value; HttpOnly');
    expect(lineOf('{ __proto__: { secure: true }, path: "/" }')).toBe('cookie=value; Path=/');
  });

  it('is options of a cookie where one of them alone stands there', () => {
    for (const [option, attribute] of [
      ['secure: true', '; Secure'],
      ['httpOnly: true', '; HttpOnly'],
      ['sameSite: true', '; SameSite=Strict'],
      ["path: '/'", '; Path=/'],
      ["domain: 'a.test'", '; Domain=a.test'],
      ['maxAge: 60', '; Max-Age=60'],
      ["expires: 'never'", '; Expires=never'],
      ['partitioned: true', '; Partitioned'],
    ] as const)
      expect(lineOf(`{ ${option} }`)).toBe(`cookie=value${attribute}`);
    expect(lineOf("{ name: 'id' }")).toBe('id=value');
  });

  it('of one line is an answer that sets its cookie, with or without the name of the header', () => {
    const answer = [{ url: new URL('https://a.test/'), responseHeaders: [['set-cookie', 'id=1; Path=/']] }];
    for (const text of ['id=1; Path=/', ' Set-Cookie: id=1; Path=/'])
      expect(readExchanges(text, 'https://a.test')?.exchanges).toEqual(answer);
  });

  it('of curl goes over https where the port says so, although no line tells of TLS, and has each header', () => {
    const text = (port: number) => `* Connected to a.test (192.0.2.1) port ${port}
* schannel: disabled automatic use of client certificate
> GET / HTTP/1.1
> Host: a.test
> Cookie: id=1
>
< HTTP/1.1 200 OK
< Vary: cookie
`;
    const exchange = {
      ...{ method: 'GET', status: 200, responseHeaders: [['Vary', 'cookie']] },
      requestHeaders: [
        ['Host', 'a.test'],
        ['Cookie', 'id=1'],
      ],
    };
    const read = (port: number) => readExchanges(text(port))?.exchanges;
    expect(read(443)).toEqual([{ ...exchange, url: new URL('https://a.test/') }]);
    expect(read(80)).toEqual([{ ...exchange, url: new URL('http://a.test/') }]);
    const unanswered = readExchanges('> GET / HTTP/1.1\n> Host: a.test\n>\n')?.exchanges;
    expect(unanswered?.map(({ status, responseHeaders }) => [status, responseHeaders])).toEqual([
      [undefined, []],
    ]);
  });

  it('of curl each of its heads, over https where TLS was spoken', () => {
    const text = `* Connected to a.test (192.0.2.1) port 8443
* SSL connection using TLSv1.3
> POST /in HTTP/2
> Host: a.test:8443
>
< HTTP/2 100
<
< HTTP/2 302
< location: /
< set-cookie: id=1; Path=/
{ [5 bytes data]
> GET / HTTP/2
> Host: a.test:8443
`;
    expect(readExchanges(text)?.exchanges).toMatchObject([
      { url: new URL('https://a.test:8443/in'), method: 'POST', status: 302 },
      { url: new URL('https://a.test:8443/'), method: 'GET' },
    ]);
  });

  it.each([
    '{"toString":1,"valueOf":1}',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    '["https://a.test/"]',
    'true',
    'null',
    '1e999',
  ])('of a HAR file counts as unsaid where it has another type', (odd) => {
    const entry = (url: string) =>
      `{"startedDateTime":${odd},"request":{"url":${url},"method":${odd},"headers":[${odd},{"name":${odd},"value":${odd}},{"name":${odd},"value":"1"},{"name":"a","value":${odd}}]},"response":{"status":${odd},"headers":${odd}}}`;
    const text = `{"log":{"entries":[${odd},{"request":${odd},"response":${odd}},${entry(odd)},${entry('"https://a.test/"')}]}}`;
    expect(readExchanges(text)?.exchanges).toEqual([
      { url: new URL('https://a.test/'), method: 'GET', requestHeaders: [], responseHeaders: [] },
    ]);
  });

  it('of a HAR file has a status where an answer came', () => {
    const har = (response: object | undefined) =>
      readExchanges(JSON.stringify({ log: { entries: [{ request: { url: 'https://a.test/' }, response }] } }))
        ?.exchanges[0];
    expect(har({ status: 302 })?.status).toBe(302);
    expect(har({ status: 0 })).not.toHaveProperty('status');
    expect(har(undefined)?.responseHeaders).toEqual([]);
  });

  it('throws nothing, whatever it is, and no finding repeats a value', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        ...[
          '\n',
          '> GET / HTTP/1.1\n',
          '> Host: a.test\n',
          '< HTTP/1.1 302 x\n',
          '< Location: http://b.test/\n',
        ],
        ...[
          'Set-Cookie: ',
          '< Set-Cookie: ',
          'S3CRET=S3CRET',
          '; Domain=',
          '; Path=/',
          '; Secure',
          '{',
          '}',
          "'",
          ': ',
        ],
        ...[
          '{"log":{"entries":[',
          '{"request":{"url":"http://a.test/"}},',
          'null',
          ']}}',
          'name',
          'secure: true',
          ',',
        ],
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const found = lintExchanges(readExchanges(text, 'https://a.test/')?.exchanges ?? []);
        for (const { cookies, findings } of found) {
          for (const { sentence } of [...findings, ...cookies.flatMap((one) => one.findings)])
            expect(sentence.replaceAll(/\bS3CRET\b(?!=)/g, 'name')).not.toContain('=S3CRET');
        }
      }),
      { numRuns: 500 },
    );
  });
});
