import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lineOf, openSite } from './test-site.ts';

let site: ReturnType<typeof openSite>;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

const attributes = (line: string | undefined) => (line ?? '').split('; ').sort();

describe('setting', () => {
  test('S58 GET /set-cookie sets cookie_name=cookie_value; Path=/; SameSite=lax', async () => {
    const response = await site.visitor().get('/set-cookie');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ message: 'Cookie set successfully' });
    expect(attributes(response.headers.getSetCookie().join())).toEqual([
      'Path=/',
      'SameSite=Lax',
      'cookie_name=cookie_value',
    ]);
  });

  test('S60 S57 GET /set-advanced-cookie sets the attributes that the article prints', async () => {
    const response = await site.visitor().get('/set-advanced-cookie');
    expect(await response.json()).toEqual({ message: 'Advanced cookie set successfully' });
    expect(attributes(response.headers.getSetCookie().join())).toEqual([
      'HttpOnly',
      'Max-Age=3600',
      'Path=/',
      'SameSite=Lax',
      'user_preferences=dark_mode',
    ]);
  });

  test('S85 GET /json-with-cookie sets a cookie on a response of the handler', async () => {
    const response = await site.visitor().get('/json-with-cookie');
    expect(await response.json()).toEqual({ message: 'This response has a cookie' });
    expect(lineOf(response, 'my_cookie')).toMatch(/^my_cookie=cookie_from_json_response; Path=\//);
  });

  test('S59 F22 a cookie survives a redirect, a response of the handler, a refusal and a bug', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const [path, status] of [
      ['redirect', 303],
      ['own-response', 200],
      ['refuse', 401],
      ['fail', 500],
    ] as const) {
      const visitor = site.visitor();
      const response = await visitor.get(`/set-cookie/${path}`);
      expect([path, response.status]).toEqual([path, status]);
      expect(lineOf(response, 'cookie_name')).toBe('cookie_name=cookie_value; Path=/; SameSite=Lax');
      expect(visitor.jar?.get('cookie_name')?.value).toBe('cookie_value');
    }
    log.mockRestore();
  });

  test('S61 S78 the browser forgets the advanced cookie after an hour', async () => {
    const visitor = site.visitor();
    await visitor.get('/set-advanced-cookie');
    const read = async () => (await (await visitor.get('/read-cookie')).json()).cookie_value;
    site.clock.advance('59m');
    expect(await read()).toBe('dark_mode');
    site.clock.advance('2m');
    expect(await read()).toBeNull();
  });
});

describe('reading', () => {
  test('S68 GET /read-cookie gives the value', async () => {
    const visitor = site.visitor();
    await visitor.get('/set-advanced-cookie');
    expect(await (await visitor.get('/read-cookie')).json()).toEqual({
      cookie_value: 'dark_mode',
      message: 'Cookie read successfully',
    });
  });

  test.each(['', 'user_preferences', 'other=1', 'xuser_preferences=1; ;;'])(
    'S69 it gives null where the cookie is absent: %j',
    async (cookie) => {
      const response = await site.app.request('/read-cookie', { headers: { cookie } });
      expect(await response.json()).toEqual({ cookie_value: null, message: 'Cookie read successfully' });
    },
  );
});

describe('updating', () => {
  test('S70 F21 GET /update-cookie toggles between dark and light, and keeps every attribute', async () => {
    const visitor = site.visitor();
    const values: unknown[] = [];
    for (let visit = 0; visit < 3; visit += 1) {
      const response = await visitor.get('/update-cookie');
      values.push(await response.json());
      expect(attributes(lineOf(response, 'user_preferences')).slice(0, 4)).toEqual([
        'HttpOnly',
        'Max-Age=3600',
        'Path=/',
        'SameSite=Lax',
      ]);
    }
    const message = 'Cookie updated successfully';
    expect(values).toEqual([
      { previous_value: null, new_value: 'dark_mode', message },
      { previous_value: 'dark_mode', new_value: 'light_mode', message },
      { previous_value: 'light_mode', new_value: 'dark_mode', message },
    ]);
  });
});

describe('deleting', () => {
  test('S71 S72 F19 GET /delete-cookie repeats the scope, Max-Age=0 and 1970, and the cookie is gone', async () => {
    const visitor = site.visitor();
    await visitor.get('/set-advanced-cookie');
    const response = await visitor.get('/delete-cookie');
    expect(await response.json()).toEqual({ message: 'Cookie deleted successfully' });
    expect(lineOf(response, 'user_preferences')).toBe(
      'user_preferences=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    );
    expect(await (await visitor.get('/read-cookie')).json()).toMatchObject({ cookie_value: null });
  });

  test('S71 F20 a __Host- cookie goes too', async () => {
    const visitor = site.visitor();
    await visitor.post('/login', { json: { username: 'alice' } });
    await visitor.post('/logout');
    expect(visitor.jar?.size).toBe(0);
  });
});

test('S56 a cookie is sent by host and path, and whatever the port', async () => {
  const visitor = site.visitor();
  await visitor.get('/set-advanced-cookie');
  const read = async (origin: string) =>
    (await (await visitor.get(`${origin}/read-cookie`)).json()).cookie_value;
  expect(await read('https://testserver:8443')).toBe('dark_mode');
  expect(visitor.jar?.header('https://other.example/')).toBe('');
});
