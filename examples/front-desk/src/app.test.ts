import fc from 'fast-check';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryAccounts } from './accounts/account-store.ts';
import { createAccounts } from './accounts/accounts.ts';
import type { SessionData } from './env.ts';
import { ada, base, openDesk, setCookie } from './test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

describe('any cookie at all', () => {
  async function status(cookie: string) {
    return (await desk.app.request(`${base}/profile`, { headers: { cookie } })).status;
  }

  test('random bytes are not signed in, and never a 500', async () => {
    const name = fc.constantFrom('__Host-session', 'theme', 'last-visit', '');
    const value = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.base64String(),
      fc.stringMatching(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/),
    );
    const printable = (text: string) => text.replace(/[^\t\x20-\x7e]/g, '?');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value)), async (pairs) => {
        const cookie = pairs.map(([left, right]) => `${left}=${printable(right)}`).join('; ');
        expect(await status(cookie)).toBe(303);
      }),
      { numRuns: 200 },
    );
  });

  test('only the whole, true cookie counts', async () => {
    const signIn = await desk.visitor().signIn(ada);
    const cookie = setCookie(signIn, '__Host-session')?.split(';')[0] ?? '';
    const value = cookie.slice(cookie.indexOf('=') + 1);
    const other =
      setCookie(await desk.visitor().signIn(ada), '__Host-session')
        ?.split(';')[0]
        ?.split('=')[1] ?? '';
    const [selector, verifier] = value.split('.');

    expect(await status(cookie)).toBe(200);
    expect(await status(cookie.slice(0, -1))).toBe(303);
    expect(await status(`${cookie}x`)).toBe(303);
    expect(await status(`__Host-session=${value}${value}`)).toBe(303);
    expect(await status(`__Host-session=${selector}`)).toBe(303);
    expect(await status(`__Host-session=.${verifier}`)).toBe(303);
    expect(await status(`__Host-session=${selector}.${other.split('.')[1]}`)).toBe(303);
    expect(await status('__Host-session=dark')).toBe(303);
    expect(await status(cookie)).toBe(200);
  });
});

describe('addresses', () => {
  test.each([
    '/nothing',
    '/playground/nothing',
    '/playground/toString',
    '/profile/',
    '/style',
    '/%00',
    '/trace?scenario=nothing',
  ])('%s is a real 404', async (path) => {
    const response = await desk.visitor().get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/<h1>Nothing here<\/h1>/);
  });

  test.each(['/sign-out', '/theme', '/devices/sign-out', '/devices/sign-out-others', '/profile/nickname'])(
    'GET %s is a 405 that says what to do',
    async (path) => {
      const response = await desk.visitor().get(path);
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.text()).toContain('Use the button');
    },
  );

  test('DELETE /profile is a 405 too', async () => {
    const response = await desk.visitor().ask('/profile', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('GET');
  });

  test.each([
    ['/nothing', 404, 'not-found'],
    ['/sign-out', 405, 'method-not-allowed'],
    ['/docs/lost', 404, 'not-found'],
  ])('%s is a %i with a code, which leads to what it means', async (path, status, code) => {
    const response = await desk.visitor().get(path);
    expect(response.status).toBe(status);
    await expectExplained(await response.text(), code);
  });

  test('so is a form from elsewhere, one that is too long, and a guess too many', async () => {
    const send = (fields: Record<string, string>, from = 'same-origin') =>
      desk.app.request(`${base}/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ user: 'whoever', password: 'a guess', ...fields }),
        headers: { 'sec-fetch-site': from },
      });
    await expectExplained(await (await send({}, 'cross-site')).text(), 'csrf-refused');
    await expectExplained(await (await send({ user: 'x'.repeat(20_000) })).text(), 'content-too-large');
    for (let count = 0; count < 10; count += 1) await send({});
    await expectExplained(await (await send({})).text(), 'too-many-attempts');
  });

  /** The page has the code as a link, and what the link leads to is there. */
  async function expectExplained(page: string, code: string) {
    const href = new RegExp(`<a href="([^"]+)"><code>${code}</code></a>`).exec(page)?.[1] ?? 'no link';
    const { pathname, hash } = new URL(href, base);
    const there = await desk.visitor().get(pathname);
    expect([href, there.status]).toEqual([href, 200]);
    const text = await there.text();
    expect(text).toContain(hash === '' ? `>${code}</h1>` : ` id="${hash.slice(1)}"`);
  }

  test('a form of a megabyte is a 413', async () => {
    const response = await desk.visitor().submit('/sign-in', { user: 'x'.repeat(1_000_000) });
    expect(response.status).toBe(413);
  });
});

describe('answers', () => {
  test('carry a policy without scripts and without inline styles', async () => {
    const { headers } = await desk.visitor().get('/');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('vary')).toContain('Cookie');
  });

  test('the stylesheet may be kept for good under the address that pages use', async () => {
    const page = await (await desk.visitor().get('/')).text();
    const address = /href="(\/style\.css\?v=[^"]+)"/.exec(page)?.[1] ?? '';
    const response = await desk.visitor().get(address);
    expect(response.headers.get('content-type')).toContain('text/css');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect((await desk.visitor().get('/style.css')).headers.get('cache-control')).not.toContain('immutable');
  });

  test('a failure is a 500 that says nothing of its cause', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = await openDesk({
      accounts: {
        ...createAccounts(memoryAccounts()),
        verify: () => Promise.reject(new Error('the database password is swordfish')),
      },
    });
    const response = await broken.visitor().signIn(ada);
    expect(response.status).toBe(500);
    const page = await response.text();
    expect(page).toContain('The fault is at the desk');
    expect(page).toContain('<a href="/docs/why/internal"><code>internal</code></a>');
    expect(page).not.toContain('swordfish');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
    await broken.close();
  });

  test('a store that does not answer is a 503, also for the page itself', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const away = { ...memoryStore(), read: () => Promise.reject(new Error('away')) };
    const broken = await openDesk({ sessions: createSessions<SessionData>({ store: away }) });
    const cookie = `__Host-session=${'A'.repeat(22)}.${'A'.repeat(43)}`;
    const response = await broken.app.request(`${base}/profile`, { headers: { cookie } });
    expect(response.status).toBe(503);
    log.mockRestore();
    await broken.close();
  });
});
