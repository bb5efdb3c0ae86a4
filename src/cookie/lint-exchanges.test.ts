import { describe, expect, it } from 'vitest';
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
    expect(codes([login, end('id=; Path=/; Max-Age=0')])[1]).toEqual([]);
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
