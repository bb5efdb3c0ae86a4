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

test('browsers are told to keep to https where every address of the desk is https, and not otherwise', async () => {
  const header = async (at: typeof desk) =>
    (await at.app.request('https://testserver/')).headers.get('strict-transport-security');
  const plain = await open({ origins: ['http://localhost:3000'] });
  expect([await header(production), await header(plain)]).toEqual(['max-age=31536000', null]);
  await plain.close();
});
