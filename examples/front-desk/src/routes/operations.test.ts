import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNodeListener } from 'hallpass/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesk } from '../test-desk.ts';

const open = (overrides: Parameters<typeof openDesk>[0]) =>
  openDesk({ metrics: () => 'visits 1\n', ...overrides });
let desk: Awaited<ReturnType<typeof openDesk>>;
let production: typeof desk;
beforeAll(async () => {
  desk = await open({});
  production = await open({ demo: false, metricsToken: 'scrape-me', origins: ['https://desk.example'] });
});
afterAll(() => Promise.all([desk.close(), production.close()]));

describe('/metrics', () => {
  const ask = async (at: typeof desk, authorization?: string) =>
    at.app.request('https://testserver/metrics', {
      headers: authorization === undefined ? {} : { authorization },
    });

  test('is for this machine only, as long as there is no token', async () => {
    expect((await ask(desk)).status).toBe(404);
  });

  test('without a token is for no visitor of a proxy on this machine', async () => {
    const status = async (origin: string, headers: Record<string, string> = {}, name = '127.0.0.1') => {
      const local = await open({ origins: [origin] });
      const server = createServer(toNodeListener(local.app.fetch)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const asked = request({
        port,
        path: '/metrics',
        headers: { host: `${name}:${port}`, ...headers },
      }).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      answer.resume();
      server.close();
      await local.close();
      return answer.statusCode;
    };
    expect(await status('http://localhost:3000')).toBe(200);
    expect(await status('http://localhost:3000', { 'x-forwarded-for': '203.0.113.9' })).toBe(404);
    expect(await status('https://desk.example.com')).toBe(404);
    expect(await status('http://localhost:3000', {}, 'localhost')).toBe(200);
    // A page of a stranger, whose name leads to this machine.
    expect(await status('http://localhost:3000', {}, 'evil.example')).toBe(404);
    expect(await status('http://localhost:3000', {}, 'localhost.evil.example')).toBe(404);
  });

  test('is for whoever has the token', async () => {
    expect(await (await ask(production, 'Bearer scrape-me')).text()).toBe('visits 1\n');
    for (const wrong of [undefined, 'Bearer', 'Bearer scrape-mf', 'Bearer scrape-me-not']) {
      expect((await ask(production, wrong)).status).toBe(404);
    }
  });
});

describe('/debug/cookies', () => {
  test('shows what came, by name and length, and never a value', async () => {
    const cookie = 'theme=dark; theme=light; stray=hunter2';
    const response = await desk.app.request('https://testserver/debug/cookies', { headers: { cookie } });
    const page = await response.text();
    expect(page).toContain('Several cookies named theme came');
    expect(page).toMatch(/stray[\s\S]*7 characters\. It is not defined/);
    expect(page).not.toContain('hunter2');
  });

  test('is not there in production', async () => {
    expect((await production.app.request('https://desk.example/debug/cookies')).status).toBe(404);
  });
});

describe('every answer', () => {
  const root = mkdtempSync(join(tmpdir(), 'desk-headers-'));
  beforeAll(() => {
    for (const page of ['index.html', '404.html']) writeFileSync(join(root, page), 'the site');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.each([
    '/',
    '/style.css',
    '/docs/',
    '/docs/lost',
    '/playground/',
    '/nothing',
    '/metrics',
    '/__hallpass',
  ])('as that of %s, has the headers that protect', async (path) => {
    const secure = await open({ origins: ['https://desk.example'], siteFolder: root });
    const { headers } = await secure.app.request(`https://desk.example${path}`);
    expect({
      https: headers.get('strict-transport-security'),
      types: headers.get('x-content-type-options'),
      frames: headers.get('x-frame-options'),
      opener: headers.get('cross-origin-opener-policy'),
      permissions: headers.get('permissions-policy'),
      referrer: headers.get('referrer-policy'),
      content: headers.get('content-security-policy'),
    }).toEqual({
      https: 'max-age=31536000',
      types: 'nosniff',
      frames: 'DENY',
      opener: 'same-origin',
      permissions: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      referrer: expect.stringMatching(/^(same-origin|no-referrer)$/),
      content: expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'/),
    });
    await secure.close();
  });

  test('browsers are told to keep to https where every address of the desk is https, and not otherwise', async () => {
    const header = async (at: typeof desk) =>
      (await at.app.request('https://testserver/')).headers.get('strict-transport-security');
    const plain = await open({ origins: ['http://localhost:3000'] });
    expect([await header(production), await header(plain)]).toEqual(['max-age=31536000', null]);
    await plain.close();
  });
});
