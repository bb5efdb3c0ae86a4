import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base, form, lineOf, openSite } from './test-site.ts';

let site: ReturnType<typeof openSite>;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

const html = { headers: { accept: 'text/html' } };

describe('S87a the last visit', () => {
  test('is never at first, then the time before', async () => {
    const visitor = site.visitor();
    const lastVisit = async () => (await (await visitor.get('/last-visit')).json()).last_visit;
    expect(await lastVisit()).toBe('never');
    const first = new Date(site.clock.now()).toISOString();
    site.clock.advance('1h');
    expect(await lastVisit()).toBe(first);
    expect(await lastVisit()).toBe(new Date(site.clock.now()).toISOString());
  });

  test.each(['yesterday', '2026-02-31T00:00:00.000Z', '<script>', '1', ''])(
    'is never for a cookie that holds %j',
    async (value) => {
      const headers = { ...html.headers, cookie: `last_visit=${encodeURIComponent(value)}` };
      const text = await (await site.app.request(`${base}/last-visit`, { headers })).text();
      expect(text).toContain('<strong>never</strong>');
      expect(text).not.toContain('<script>');
    },
  );

  test('stands on a page for a browser', async () => {
    const visitor = site.visitor();
    await visitor.get('/last-visit', html);
    expect(await (await visitor.get('/last-visit', html)).text()).toMatch(
      /<strong>2026-11-21T\S+Z<\/strong>/,
    );
  });
});

describe('S87b the theme', () => {
  test('is in the page that is served', async () => {
    const visitor = site.visitor();
    const theme = async () => /data-theme="(\w+)"/.exec(await (await visitor.get('/')).text())?.[1];
    expect(await theme()).toBe('light');
    for (const choice of ['dark', 'light', 'dark']) {
      const response = await visitor.post('/theme', form({ theme: choice }));
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
      expect(await theme()).toBe(choice);
    }
    site.clock.advance('300d');
    expect(await theme()).toBe('dark');
  });

  test.each(['blue', '', 'DARK', 'dark"><script>'])(
    '%j is a 422, and reads as light where a cookie holds it',
    async (theme) => {
      const visitor = site.visitor();
      const response = await visitor.post('/theme', { json: { theme } });
      expect(response.status).toBe(422);
      expect(response.headers.getSetCookie()).toEqual([]);
      const headers = { cookie: `theme=${encodeURIComponent(theme)}` };
      expect(await (await site.app.request(`${base}/`, { headers })).text()).toContain('data-theme="light"');
    },
  );
});

describe('S87c remember me', () => {
  const name = '__Host-member';
  async function logIn(fields: Record<string, string>) {
    const visitor = site.visitor();
    const response = await visitor.post('/remember-me', form({ username: 'alice', ...fields }));
    expect(response.status).toBe(303);
    const line = lineOf(response, name) ?? '';
    const known = async () =>
      (await (await visitor.get('/remember-me')).text()).includes('<strong>alice</strong>');
    const copyKnown = async () => {
      const headers = { cookie: line.split(';')[0] ?? '' };
      return (await (await site.app.request(`${base}/remember-me`, { headers })).text()).includes('alice');
    };
    return { visitor, line, known, copyKnown };
  }

  test('checked: the cookie has a Max-Age under 400 days, and the server remembers as long', async () => {
    const { line, known, copyKnown } = await logIn({ remember: 'yes' });
    expect(Number(/Max-Age=(\d+)/.exec(line)?.[1])).toBe(30 * 86_400);
    site.clock.advance('29d');
    expect(await known()).toBe(true);
    site.clock.advance('2d');
    expect([await known(), await copyKnown()]).toEqual([false, false]);
  });

  test('unchecked: neither Max-Age nor Expires, and the server forgets after an hour of silence', async () => {
    const { line, known, copyKnown } = await logIn({});
    expect(line).not.toMatch(/Max-Age|Expires/i);
    site.clock.advance('59m');
    expect(await known()).toBe(true);
    site.clock.advance('61m');
    expect(await copyKnown()).toBe(false);
  });

  test('the form has the box, the login ends, and neither cookie opens the other kind of session', async () => {
    const page = await (await site.visitor().get('/remember-me')).text();
    expect(page).toContain('type="checkbox" name="remember"');
    const { visitor, line, known } = await logIn({ remember: 'yes' });
    const value = line.split(';')[0]?.split('=')[1];
    const headers = { cookie: `__Host-session_id=${value}` };
    expect((await site.app.request(`${base}/profile`, { headers })).status).toBe(303);
    await visitor.post('/remember-me/logout');
    expect(await known()).toBe(false);
  });

  test('a login without a name is a 422', async () => {
    expect((await site.visitor().post('/remember-me', form({}))).status).toBe(422);
  });
});

describe('S88 the consent banner', () => {
  const asks = async (visitor: ReturnType<typeof site.visitor>) =>
    (await (await visitor.get('/')).text()).includes('class="banner"');
  const names = (visitor: ReturnType<typeof site.visitor>) =>
    visitor.jar ? visitor.jar.all().map(({ name }) => name) : [];

  test('asks on every page until it is answered, and sets no cookie by itself', async () => {
    const visitor = site.visitor();
    expect([await asks(visitor), await asks(visitor)]).toEqual([true, true]);
    expect(await (await visitor.get('/login-page')).text()).toContain('class="banner"');
    expect(names(visitor)).toEqual([]);
  });

  test('S54 accept: the answer is kept, and then, not before, there is a random id that stays', async () => {
    const visitor = site.visitor();
    const response = await visitor.post('/consent', form({ choice: 'accept' }));
    expect(lineOf(response, 'consent')).toMatch(/^consent=accepted;.*Max-Age=15552000/);
    expect(names(visitor)).toEqual(['consent']);
    expect(await asks(visitor)).toBe(false);
    expect(names(visitor)).toEqual(['consent', 'visitor_id']);
    const id = visitor.jar?.get('visitor_id')?.value;
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await visitor.get('/login-page');
    expect(visitor.jar?.get('visitor_id')?.value).toBe(id);
  });

  test('decline: the answer is kept, and there is no id', async () => {
    const visitor = site.visitor();
    await visitor.post('/consent', form({ choice: 'decline' }));
    expect(await asks(visitor)).toBe(false);
    expect(visitor.jar?.get('consent')?.value).toBe('declined');
    expect(names(visitor)).toEqual(['consent']);
  });

  test('decline after accept: the id is gone', async () => {
    const visitor = site.visitor();
    await visitor.post('/consent', form({ choice: 'accept' }));
    await visitor.get('/');
    await visitor.post('/consent', form({ choice: 'decline' }));
    await visitor.get('/');
    expect(names(visitor)).toEqual(['consent']);
  });

  test('withdrawal deletes both, and the banner asks again', async () => {
    const visitor = site.visitor();
    await visitor.post('/consent', form({ choice: 'accept' }));
    await visitor.get('/');
    await visitor.post('/consent', form({ choice: 'withdraw' }));
    expect(names(visitor)).toEqual([]);
    expect(await asks(visitor)).toBe(true);
    expect(names(visitor)).toEqual([]);
  });

  test('another answer is a 422', async () => {
    expect((await site.visitor().post('/consent', form({ choice: 'maybe' }))).status).toBe(422);
  });
});

describe('pages', () => {
  test('hold no script, and their policy allows none', async () => {
    const response = await site.visitor().get('/');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toContain('<script');
  });

  test('S126 escape what visitors wrote', async () => {
    const visitor = site.visitor();
    await visitor.post('/remember-me', form({ username: '<img src=x>' }));
    expect(await (await visitor.get('/remember-me')).text()).toContain('&lt;img src=x&gt;');
  });

  test('are a 404 where nothing is', async () => {
    expect((await site.visitor().get('/nothing')).status).toBe(404);
  });

  test('a body of a megabyte is a 413', async () => {
    expect((await site.visitor().post('/theme', form({ theme: 'x'.repeat(1_000_000) }))).status).toBe(413);
  });
});
