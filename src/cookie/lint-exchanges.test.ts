import { describe, expect, it } from 'vitest';
import type { EngineName } from '../scope/engines.ts';
import type { JourneyName } from './journeys.ts';
import { lintExchanges } from './lint-exchanges.ts';
import type { RecordedExchange, RecordedHeader } from './recorded/exchange.ts';

const set = (line: string): readonly RecordedHeader[] => [['Set-Cookie', line]];
const url = (text: string) => new URL(text);
const codes = (exchanges: readonly RecordedExchange[]) =>
  lintExchanges(exchanges).map(({ findings }) => findings.map(({ code, level }) => `${level} ${code}`));

const good = 'id=1; Path=/; Secure; SameSite=Lax';
const login = { url: url('https://a.test/login'), requestHeaders: [], responseHeaders: set(good) };

describe('a conversation', () => {
  it('of which nothing is missing has nothing to tell', () => {
    const home = { url: url('https://a.test/'), requestHeaders: [['cookie', 'id=1']], status: 200 } as const;
    expect(codes([login, home])).toEqual([[], []]);
  });

  it('tells why a cookie did not come: as a warning where the visitor is turned away, and once', () => {
    const plain = { url: url('http://a.test/'), requestHeaders: [] };
    expect(codes([login, { ...plain, status: 200 }])[1]).toEqual(['note needs-https']);
    expect(codes([login, { ...plain, status: 302 }, { ...plain, status: 302 }])).toEqual([
      [],
      ['warning needs-https'],
      [],
    ]);
  });

  it('shows no user, query or parameter of a path, where sessions of some servers stand', () => {
    const at = url('https://u:S3CRET@a.test/app;jsessionid=S3CRET/b%3bx=S3CRET?q=S3CRET');
    const [, shown] = lintExchanges([
      { url: at, requestHeaders: [], responseHeaders: set('id=1') },
      { url: at, requestHeaders: [], responseHeaders: set('id=; Path=/; Max-Age=0') },
    ]);
    expect(shown?.url).toBe('https://a.test/app;masked/b%3bmasked');
    expect(shown?.findings.map(({ code }) => code)).toContain('deletion-missed');
    expect(JSON.stringify(shown)).not.toContain('S3CRET');
  });

  it('tells nothing of a cookie that might have come: a program need not keep any', () => {
    expect(codes([login, { url: url('https://a.test/'), requestHeaders: [], status: 401 }])[1]).toEqual([]);
  });

  it('takes this machine for as good as https where curl asked, which does so too', () => {
    const requestHeaders = [['User-Agent', 'curl/8.5.0']] as const;
    const kept = (address: string) =>
      lintExchanges([{ url: url(address), requestHeaders, responseHeaders: set(good) }])[0]?.cookies[0]
        ?.stored;
    expect(kept('http://localhost:3000/')?.allowed).toBe(true);
    expect(kept('http://shop.test/')?.reasons[0]?.code).toBe('secure-from-insecure');
  });

  it('keeps no cookie that browsers do not keep', () => {
    const crossSite = [
      ['sec-fetch-site', 'cross-site'],
      ['sec-fetch-dest', 'iframe'],
      ['referer', 'https://b.test/'],
    ] as const;
    const [first, second] = lintExchanges([
      { ...login, requestHeaders: crossSite },
      { url: url('https://a.test/'), requestHeaders: crossSite, status: 401 },
    ]);
    expect(first?.cookies[0]?.stored?.reasons[0]?.code).toBe('same-site-from-cross-site');
    expect(second?.findings).toEqual([]);
  });

  it('deletes what it names, and tells of what stays', () => {
    const at = url('https://a.test/account/logout');
    const end = (line: string) => ({ url: at, requestHeaders: [], responseHeaders: set(line) });
    const gone = end('id=; Path=/; Max-Age=0');
    const plain = { url: url('http://a.test/'), requestHeaders: [] };
    expect(codes([login, gone, plain])).toEqual([[], [], []]);
    expect(codes([login, plain])[1]).toEqual(['note needs-https']);
    expect(codes([login, end('id=; Max-Age=0')])[1]).toEqual(['warning deletion-missed']);
    expect(codes([login, end('other=; Max-Age=0')])[1]).toEqual([]);
  });

  it('tells that a token stayed behind, and stands still where it came along', () => {
    const first = {
      url: url('https://a.test/'),
      status: 302,
      requestHeaders: [['Authorization', 'Bearer x']],
      responseHeaders: [['Location', 'https://b.test/']],
    } as const;
    const next = { url: url('https://b.test/'), status: 401 };
    expect(codes([first, { ...next, requestHeaders: [] }])[1]).toEqual(['warning scope-other-host']);
    expect(codes([first, { ...next, requestHeaders: [['authorization', 'x']] }])[1]).toEqual([]);
    expect(codes([first, { ...next, url: url('https://c.test/'), requestHeaders: [] }])[1]).toEqual([]);
  });

  it('says that a form which a redirect turned into a page is a note, and a failure a warning', () => {
    const post = { url: url('https://a.test/'), method: 'POST', status: 302, requestHeaders: [] };
    const first = { ...post, responseHeaders: [['location', '/done']] } as const;
    const done = { url: url('https://a.test/done'), requestHeaders: [] };
    expect(codes([first, { ...done, status: 200 }])[1]).toEqual(['note post-becomes-get']);
    expect(codes([first, { ...done, status: 405 }])[1]).toEqual(['warning post-becomes-get']);
  });

  it('has the status of an answer that has one', () => {
    expect(lintExchanges([{ ...login, status: 200 }, login]).map(({ status }) => status)).toEqual([
      200,
      undefined,
    ]);
    expect(lintExchanges([login])[0]).not.toHaveProperty('status');
  });

  it('misses a cookie in a request of another origin, and in no preflight, which never has one', () => {
    const requestHeaders = [
      ['origin', 'https://b.a.test'],
      ['sec-fetch-site', 'same-site'],
    ] as const;
    const next = { url: url('https://a.test/api'), status: 200, requestHeaders };
    const omitted = (method: string) =>
      codes([login, { ...next, method }])[1]?.filter((one) => /omitted/.test(one));
    expect(omitted('GET')).toEqual(['warning credentials-omitted']);
    expect(omitted('OPTIONS')).toEqual([]);
  });

  it('looks for a cache that may keep a cookie only where other headers were written down', () => {
    const cacheable = (...headers: RecordedHeader[]) =>
      lintExchanges([
        { ...login, responseHeaders: [...headers, ['set-cookie', good]] },
      ])[0]?.cookies[0]?.findings.some(({ code }) => code === 'response-cacheable');
    expect(cacheable()).toBe(false);
    expect(cacheable(['content-type', 'text/html'])).toBe(true);
    expect(cacheable(['content-type', 'text/html'], ['cache-control', 'private'])).toBe(false);
  });

  it('says of a cookie what is against it on the journey that was asked for', () => {
    const against = (journey: JourneyName) =>
      lintExchanges([login], { journey })[0]?.cookies[0]?.findings.map(({ code }) => code);
    expect(against('cross-site-post')).toContain('same-site-lax');
    expect(against('same-site-link')).not.toContain('same-site-lax');
  });

  it('walks each cookie as each engine does where that is asked for', () => {
    const [first] = lintExchanges([login], { engines: true })[0]?.cookies ?? [];
    expect(Object.keys(first?.engines ?? {})).toEqual(['chromium', 'firefox', 'webkit']);
    expect(first?.engines?.webkit.length).toBe(first?.journeys.length);
    expect(lintExchanges([login])[0]?.cookies[0]).not.toHaveProperty('engines');
  });

  it('reads a line as the engine does by whose rules it judges', () => {
    const read = (line: string, engine?: EngineName) =>
      lintExchanges([{ ...login, responseHeaders: set(line) }], { engine })[0]?.cookies[0]?.cookie;
    expect([read('token')?.name, read('token', 'firefox')?.name]).toEqual(['', 'token']);
    expect([read('é=1')?.name, read('é=1', 'chromium')?.name]).toEqual(['é', 'é']);
    expect(read('id=1; Domain=bücher.example')?.domain).toBe('bücher.example');
  });

  it('holds no value', () => {
    const secret = 'S3CRET-value';
    const report = JSON.stringify(
      lintExchanges([
        { ...login, responseHeaders: set(`id=${secret}; Path=/; SameSite=None`) },
        {
          url: url(`http://user:${secret}@a.test/?q=${secret}`),
          requestHeaders: [['cookie', `id=${secret}; id=2`]],
        },
      ]),
    );
    expect(report).not.toContain(secret);
  });
});

describe('an answer to a page of another origin', () => {
  const cors = (
    allow: RecordedHeader[],
    more: Partial<RecordedExchange> = {},
    headers: RecordedHeader[] = [],
  ) =>
    codes([
      {
        url: url('https://a.test/api'),
        status: 200,
        requestHeaders: [['Origin', 'https://b.test'], ['Sec-Fetch-Mode', 'cors'], ...headers],
        responseHeaders: allow,
        ...more,
      },
    ])[0];
  const toPage: RecordedHeader = ['Access-Control-Allow-Origin', 'https://b.test'];
  const toAll: RecordedHeader = ['Access-Control-Allow-Origin', '*'];
  const credentials: RecordedHeader = ['Access-Control-Allow-Credentials', 'true'];
  const id: RecordedHeader = ['Cookie', 'id=1'];

  it('is for it where it says so, and with cookies only by name', () => {
    expect(cors([])).toEqual(['error cors-origin']);
    expect(cors([['Access-Control-Allow-Origin', 'https://c.test']])).toEqual(['error cors-origin']);
    expect([cors([toPage]), cors([toAll])]).toEqual([[], []]);
    expect(cors([toAll], {}, [id])).toEqual(['error cors-any-origin']);
    expect(cors([toPage], {}, [id])).toEqual(['error cors-no-credentials']);
    expect(cors([toPage, ['Set-Cookie', good]])).toEqual(['error cors-no-credentials']);
    expect(cors([toPage, credentials, ['Set-Cookie', good]], {}, [id])).toEqual([]);
  });

  it('needs nothing where it is no such answer', () => {
    expect(cors([], { status: undefined })).toEqual([]);
    for (const requestHeaders of [
      [
        ['Origin', 'https://a.test'],
        ['Sec-Fetch-Mode', 'cors'],
      ],
      [
        ['Origin', 'https://b.test'],
        ['Sec-Fetch-Mode', 'navigate'],
      ],
      [['Origin', 'https://b.test']],
      [['Sec-Fetch-Mode', 'cors']],
    ] satisfies RecordedHeader[][])
      expect(cors([], { requestHeaders })).toEqual([]);
  });

  it.each<[string, string, RecordedHeader[], string[]]>([
    ['PUT', '', [], ['error cors-method']],
    ['PUT', '', [['Access-Control-Allow-Methods', 'PATCH, put']], []],
    ['PUT', '', [['Access-Control-Allow-Methods', '*']], []],
    ['GET', '', [], []],
    ['HEAD', '', [], []],
    ['POST', '', [], []],
    ['GET', 'x-a', [], ['error cors-header']],
    ['GET', 'x-a, x-b', [['Access-Control-Allow-Headers', 'X-B, X-A']], []],
    ['GET', 'x-a', [['Access-Control-Allow-Headers', '*']], []],
    ['GET', 'authorization', [['Access-Control-Allow-Headers', '*']], ['error cors-header']],
    ['GET', 'authorization', [['Access-Control-Allow-Headers', 'Authorization']], []],
  ])('to a preflight of %s with %j names both', (method, headers, allow, expected) => {
    const asked: RecordedHeader[] = [['Access-Control-Request-Method', method]];
    if (headers !== '') asked.push(['Access-Control-Request-Headers', headers]);
    expect(cors([toPage, ...allow], { method: 'OPTIONS' }, asked)).toEqual(expected);
    expect(cors(allow, { method: 'OPTIONS' }, asked)).toEqual(['error cors-origin']);
    expect(cors([toPage], { method: 'OPTIONS' })).toEqual([]);
  });
});
