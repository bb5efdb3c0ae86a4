import type { LintFinding } from 'hallpass';
import { hallpass } from 'hallpass/hono';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { frontendPolicy } from './sections/cors.ts';
import { attributesOf, openSite, type TestSite } from './test-site.ts';

const api = 'https://api.example.com';
const frontend = 'https://frontend.example.com';
const warnings: LintFinding[] = [];

let site: TestSite;
beforeAll(() => {
  site = openSite({ origins: [api], onWarning: (warning) => warnings.push(warning) });
});
afterAll(() => site.close());

/** A page of the front end, whose script sends the visitor's cookies along. */
const page = (origin = frontend) => site.visitor({ baseUrl: api, initiator: { page: origin } });
const headersOf = (response: Response) => [
  response.headers.get('access-control-allow-origin'),
  response.headers.get('access-control-allow-credentials'),
];
const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
  site.app.request(`${api}/section-9${path}`, { method, headers });

describe('§9 the front end', () => {
  test('S131 logs in, reads and logs out across origins', async () => {
    const client = page();
    const login = await client.post('/section-9/login', { json: { username: 'john' } });
    expect(headersOf(login)).toEqual([frontend, 'true']);
    expect(await (await client.get('/section-9/profile')).json()).toEqual({ user: 'john' });
    expect(await (await client.post('/section-9/logout')).json()).toEqual({ message: 'Logged out' });
  });

  test('S131 its preflight is answered, with what was asked for and without a cookie', async () => {
    const response = await ask(
      '/login',
      {
        origin: frontend,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-anything',
      },
      'OPTIONS',
    );
    expect(response.status).toBe(204);
    expect(headersOf(response)).toEqual([frontend, 'true']);
    expect(response.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(response.headers.get('access-control-allow-headers')).toBe('x-anything');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test.each([
    'http://frontend.example.com',
    'https://frontend.example.com:443',
    'https://frontend.example.com.evil.io',
    'https://evilfrontend.example.com',
    'https://FRONTEND.example.com',
    'https://frontend.example.com/',
    'null',
  ])('S131 F30 %s is another origin', async (origin) => {
    const response = await ask('/profile', { origin });
    expect(headersOf(response)).toEqual([null, null]);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  test('F30 a POST of another site neither runs nor sets a cookie', async () => {
    const response = await ask('/login?username=eve', { origin: 'https://evil.example' }, 'POST');
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("S134 F30 CORS headers are on a guard's 401, on a 404 and on a 500 too", async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const [path, status] of [
      ['/account', 401],
      ['/nothing', 404],
      ['/fail', 500],
      ['/logout', 405],
    ] as const) {
      const response = await ask(path, { origin: frontend });
      expect([path, response.status, ...headersOf(response)]).toEqual([path, status, frontend, 'true']);
    }
    log.mockRestore();
  });
});

describe('S132 credentials', () => {
  test('the page of a neighbouring host is the same site: the Lax cookie goes along', async () => {
    const client = page();
    await client.post('/section-9/login', { json: { username: 'john' } });
    expect(client.jar?.size).toBe(1);
  });

  test('the page of another site gets none, whatever CORS allows, and the start warns of it', async () => {
    const client = page('https://frontend.example.org');
    await client.get('/section-9/profile');
    expect(client.jar?.size).toBe(0);
    const withoutCookie: LintFinding[] = [];
    const cors = { ...frontendPolicy, origins: ['https://frontend.example.org'] };
    const sessions = createSessions({ store: memoryStore() });
    hallpass({ sessions, cors, origins: [api], onWarning: (warning) => withoutCookie.push(warning) });
    expect(withoutCookie.map(({ code }) => code)).toContain('cors-without-cookie');
    expect(warnings.map(({ code }) => code)).not.toContain('cors-without-cookie');
  });

  test('the session cookie is Lax', async () => {
    const response = await page().post('/section-9/login', { json: { username: 'john' } });
    expect(attributesOf(response, '__Host-session')).toContain('SameSite=Lax');
  });
});

test("S133 F31 '*' with credentials is refused at start", () => {
  expect(() => hallpass({ cors: { origins: ['*'], credentials: true } })).toThrow(TypeError);
});

test('S135 what is added first runs first, answers pass the other way, and CORS stands on all of them', async () => {
  const order: string[] = [];
  const app = new Hono()
    .use(hallpass({ cors: frontendPolicy }))
    .use(async (_, next) => {
      order.push('first in');
      await next();
      order.push('first out');
    })
    .use(async (c) => {
      order.push('second answers');
      return c.text('no', 401);
    });
  const response = await app.request(api, { headers: { origin: frontend } });
  expect(order).toEqual(['first in', 'second answers', 'first out']);
  expect([response.status, ...headersOf(response)]).toEqual([401, frontend, 'true']);
});
