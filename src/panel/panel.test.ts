import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hosts, listening, passOf } from '../../tools/test/panel-hosts.ts';
import { hallpass as nodePass } from '../adapters/node.ts';
import type { Exchange } from '../server/exchange.ts';
import { pipeline } from '../server/index.ts';
import { createPanel } from './index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const token = 'T0KEN-of-the-panel';
const base = `/__hallpass/${token}`;
const forLive: Exchange = {
  ...{ method: 'GET', url: `${base}/live`, secure: false, address: '::1' },
  header: (name) => (name === 'host' ? 'localhost' : undefined),
  headerNames: () => ['host'],
};
const aPanel = () => createPanel({ token, onAddress: false });

describe.each(Object.entries(hosts))('the panel on %s', (_, start) => {
  it('shows a request with its cookies, its session and its calls joined, live, and no secret', async () => {
    const panel = aPanel();
    const ask = await start(panel);
    expect(await ask('/')).toMatchObject({ status: 200, text: 'app' });
    const live = await ask(`${base}/live`);
    expect(live.headers['content-type']).toBe('text/event-stream');
    const entry = JSON.parse(/^data: (.*)$/m.exec(live.text)?.[1] ?? '');
    expect(entry.exchange).toMatchObject({ method: 'GET', path: '/', status: 200 });
    const cookie = entry.exchange.cookies.find((one: { name: string }) => one.name === 'a');
    expect(cookie).toMatchObject({ kept: false, findings: [{ code: 'none-without-secure' }] });
    expect(cookie.findings[0].fix).toBe('Add Secure.');
    expect(entry.events.map((one: { type: string }) => one.type)).toContain('login');
    expect(entry.traces[0].hops[0]).toMatchObject({ method: 'GET', status: 200 });
    const all = (await ask(`${base}/requests`)).text;
    expect(JSON.parse(all)).toHaveLength(1);
    expect(live.text + all).not.toContain('S3CRET');
    expect(live.text + all).not.toMatch(/session=[^;"]{5,}/);
  });

  it('is a page of its own, which loads and frames nothing', async () => {
    const ask = await start(aPanel());
    const page = await ask(base);
    expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('<h1>hallpass</h1>');
    expect((await ask(`${base}/panel.js`)).headers['content-type']).toContain('javascript');
    const why = (await ask(`${base}/why/none-without-secure`)).text;
    expect(why).toContain('What to do');
    expect(why).not.toMatch(/sentence">[^\n]*\{name\}/);
    expect((await ask(`${base}/why/<script>`)).status).toBe(404);
    expect((await ask('/__hallpassed')).text).not.toContain('panel');
  });

  it.each<[string, Record<string, string>]>([
    ['a proxy that says X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy that says Forwarded', { forwarded: 'for=127.0.0.1' }],
    ['a proxy that says X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
    ['a proxy that says Via', { via: '1.1 proxy' }],
    ['a proxy that says nothing and keeps no connection', { connection: 'close' }],
    ['a proxy that signs its user in', { 'x-forwarded-user': 'ada' }],
    ['a proxy with a header of its own kin', { 'x-forwarded-anything-at-all': '1' }],
    ['a content network', { 'cf-anything': '1' }],
    ['a proxy that passes on an upgrade', { connection: 'upgrade' }],
    ['a Host of elsewhere', { host: 'app.example.com' }],
    ['a Host that a stranger points here', { host: 'localhost.example.com' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://localhost:1' }],
    ['a hidden origin', { origin: 'null' }],
  ])('is not shown to %s', async (_, headers) => {
    const ask = await start(aPanel());
    for (const path of ['', '/requests', '/live', '/panel.js']) {
      const { status, text } = await ask(`${base}${path}`, headers);
      expect(status === 404 || status === 400, `${path} ${status}`).toBe(true);
      expect(text).not.toContain('data:');
    }
  });

  it('is not shown without its token, and never says it but to the console', async () => {
    const addresses: string[] = [];
    const panel = createPanel({ onAddress: (address) => addresses.push(address) });
    const ask = await start(panel);
    const { pathname } = new URL(panel.address('http://localhost'));
    const [, own = ''] = /^\/__hallpass\/([\w-]{22})$/.exec(pathname) ?? [];
    const wrong = `${own.slice(0, -1)}${own.endsWith('A') ? 'B' : 'A'}`;
    for (const before of [
      '',
      `/${wrong}`,
      `/${own.slice(0, -1)}`,
      `/${own}A`,
      `/${own.toLowerCase()}`,
      '/',
    ]) {
      for (const path of ['', '/requests', '/live', '/panel.js', '/why/none-without-secure']) {
        const { status, text, headers } = await ask(`/__hallpass${before}${path}`);
        expect(status, before + path).toBe(404);
        expect(JSON.stringify([text, headers])).not.toContain(own);
      }
    }
    expect((await ask(pathname)).status).toBe(200);
    expect(addresses).toEqual([expect.stringMatching(/^http:\/\/localhost:\d+\/__hallpass\/[\w-]{22}$/)]);
    expect(addresses[0]).toContain(own);
  });
});

describe('the panel', () => {
  it('is not made in production', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => createPanel()).toThrow(TypeError);
    expect(() => createPanel()).toThrow(/createPanel is for development/);
  });

  it('is gone, and takes nothing, as soon as the program is in production', async () => {
    const panel = aPanel();
    const ask = await hosts.node!(panel);
    vi.stubEnv('NODE_ENV', 'production');
    for (const path of ['', '/requests', '/live']) expect((await ask(`${base}${path}`)).text).toBe('app');
    expect(panel.entries.filter(({ exchange }) => exchange)).toEqual([]);
  });

  it('is not shown through a proxy of a few lines that asks for this machine and says nothing of itself', async () => {
    const addresses: string[] = [];
    const panel = createPanel({ onAddress: (address) => addresses.push(address) });
    const app = createServer(nodePass(passOf(panel).options)((_req, res) => void res.end('app')));
    await listening(app);
    const { port } = app.address() as AddressInfo;
    const proxy = createServer(async (incoming, outgoing) => {
      const answer = await fetch(`http://localhost:${port}${incoming.url}`);
      outgoing.writeHead(answer.status).end(await answer.text());
    });
    const ask = await listening(proxy);
    expect((await ask('/')).text).toBe('app');
    for (const path of ['', '/', '/requests', '/live', '/panel.js', '/why/none-without-secure']) {
      const { status, text } = await ask(`/__hallpass${path}`);
      expect([status, text]).toEqual([404, expect.stringContaining('address with the token')]);
    }
    expect(addresses).toHaveLength(1);
    expect((await fetch(addresses[0]!)).status).toBe(200);
  });

  it('writes its address to the console once, to standard error', async () => {
    const written = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const ask = await hosts.node!(createPanel({ token }));
    for (const path of ['/', '/', '/__hallpass']) await ask(path);
    expect(written.mock.calls.filter(([text]) => text.includes(base))).toHaveLength(1);
    written.mockRestore();
  });

  it.each([
    [{ maxRequests: Number.NaN }, /whole number/],
    [{ maxRequests: 0 }, /whole number/],
    [{ maxRequests: 1e9 }, /whole number/],
    [{ token: 'short' }, /16 or more/],
    [{ token: `S3CRET/${'x'.repeat(16)}` }, /16 or more/],
    [{ onAddress: 'x' as never }, /a function, or false/],
  ])('takes no options like %j', (options, sentence) => {
    expect(() => createPanel(options)).toThrow(sentence);
    expect(() => createPanel(options)).not.toThrow(/S3CRET/);
  });

  it('keeps little of what is long or many, of each request and for each reader', async () => {
    const panel = createPanel({ token, onAddress: false, maxRequests: 3 });
    const lines = Array.from({ length: 60 }, (_, at) => `${'n'.repeat(1_000)}${at}=1; SameSite=None`);
    const headers = new Headers(lines.map((one): [string, string] => ['set-cookie', one]));
    const app = pipeline({ watch: panel, onWarning: false })(() => new Response('', { headers }));
    const long = 'x'.repeat(2_000);
    panel.onSessionEvent({ type: 'login', at: 0, user: long } as never);
    const stalled = panel.answer(forLive)!;
    for (let at = 0; at < 5; at += 1) await app(new Request(`http://h${at}.test/${long}`));
    const all = JSON.stringify(panel.entries);
    expect(panel.entries).toHaveLength(3);
    expect(all.length).toBeLessThan(3 * 50 * 2_000);
    const reader = stalled.body!.getReader();
    let events = 0;
    for (;;) {
      const next = await Promise.race([reader.read(), Promise.resolve().then(() => undefined)]);
      if (next === undefined || next.done) break;
      events += 1;
    }
    expect(events).toBeLessThanOrEqual(5);
    await reader.cancel();
  });

  it('keeps few tabs up to date, and lets go of those that are closed', async () => {
    const panel = aPanel();
    const ask = () => panel.answer(forLive)!;
    const open = Array.from({ length: 20 }, ask);
    expect(ask().status).toBe(503);
    await open[0]!.body!.cancel();
    expect(ask().status).toBe(200);
  });

  it('stays hidden where nobody knows who asks, and to another machine', async () => {
    const app = pipeline({ watch: createPanel(), onWarning: false })(() => new Response('app'));
    const hidden = await app(new Request('http://localhost/__hallpass'));
    expect([hidden.status, await hidden.text()]).toEqual([
      404,
      expect.stringContaining('does not know who asks'),
    ]);
  });

  it('is there only where it was mounted', async () => {
    const app = pipeline({})(() => new Response('app'));
    expect(await (await app(new Request('http://localhost/__hallpass'))).text()).toBe('app');
  });

  it('is for reading', async () => {
    const ask = await hosts.node!(aPanel());
    expect((await ask(base, {}, 'DELETE')).status).toBe(405);
  });

  it('shows what CSRF and CORS refused, with what to do', async () => {
    const panel = createPanel();
    const app = pipeline({
      origins: ['https://app.test'],
      cors: { origins: ['https://b.test'], credentials: true },
      watch: panel,
      onWarning: false,
    })(() => new Response());
    await app(
      new Request('https://app.test/', {
        method: 'POST',
        headers: { origin: 'https://evil.test', cookie: 'a=1' },
      }),
    );
    const preflight = {
      origin: 'https://b.test',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'x-a',
    };
    await app(new Request('https://app.test/', { method: 'OPTIONS', headers: preflight }));
    const [refused, asked] = panel.entries;
    expect(refused?.exchange).toMatchObject({ method: 'POST', csrf: 'refused' });
    expect(refused?.events[0]?.findings[0]).toMatchObject({
      code: 'csrf-foreign-origin',
      fix: expect.stringMatching(/\.$/),
    });
    expect(asked?.exchange?.findings.map(({ code }) => code)).toEqual(['cors-header']);
  });

  it('breaks no request, whatever becomes of it', async () => {
    const failing = () => {
      throw new Error('a bug of the watcher');
    };
    const [answer, begun, happened, judged, committed, answered] = Array.from({ length: 6 }, () => failing);
    const watch = { answer, begun, happened, judged, committed, answered } as never;
    const app = pipeline({ origins: ['https://app.test'], watch, onWarning: false })(
      () => new Response('app'),
    );
    expect(await (await app(new Request('https://app.test/'))).text()).toBe('app');
    const headers = { cookie: 'a=1; a=2', 'sec-fetch-site': 'cross-site' };
    expect((await app(new Request('https://app.test/', { method: 'POST', headers }))).status).toBe(403);
  });

  it('shows no parameter of a path, where sessions of some servers stand', async () => {
    const panel = createPanel();
    const app = pipeline({ watch: panel, onWarning: false })(() => {
      expect(panel.entries[0]?.exchange?.path).toBe('/app;masked');
      return new Response();
    });
    await app(new Request('http://localhost/app;jsessionid=S3CRET?a'));
    expect(panel.entries[0]?.exchange?.path).toBe('/app;masked');
  });

  it('keeps the last requests only', async () => {
    const panel = createPanel({ maxRequests: 2 });
    const app = pipeline({ watch: panel, onWarning: false })(() => new Response());
    for (const path of ['/1', '/2', '/3']) await app(new Request(`http://localhost${path}`));
    expect(panel.entries.map(({ exchange }) => exchange?.path)).toEqual(['/2', '/3']);
  });

  it.each(['', 'panel', '/panel/', '/a//b', '/"><script>'])('takes no path like %j', (path) => {
    expect(() => createPanel({ path })).toThrow(TypeError);
  });
});
