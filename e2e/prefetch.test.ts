import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hallpass } from '../src/adapters/node.ts';
import type { ServerEvent } from '../src/server/index.ts';
import { createSessions } from '../src/session/index.ts';
import { memoryStore } from '../src/store/memory/index.ts';
import { selfSignedCertificate } from '../src/testing/lab/certificate.ts';
import { describeWith, requirePart } from '../tools/test/parts.ts';
import type { CookieBrowser, CookieVisit } from './cookie-browser.ts';
import { launchChromium } from './cookie-chromium.ts';

const events: ServerEvent[] = [];
/** What was asked for, and with which purpose. */
const asked: string[] = [];

/** A site whose every page has Chromium ask ahead for /logout, by a GET that signs out. */
function site() {
  const pass = hallpass({
    sessions: createSessions({ store: memoryStore() }),
    onWarning: false,
    onEvent: (event) => events.push(event),
  });
  return pass(async (req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'https://shop.test');
    if (pathname !== '/favicon.ico') asked.push(`${pathname} ${req.headers['sec-purpose'] ?? ''}`.trim());
    const session = await pass.session(req);
    if (pathname === '/login') session.login('ada');
    if (pathname === '/logout') session.logout();
    const action = pathname === '/prerender' ? 'prerender' : 'prefetch';
    const rules = JSON.stringify({ [action]: [{ urls: ['/logout'], eagerness: 'immediate' }] });
    const speculates = ['/prefetch', '/prerender'].includes(pathname);
    res.setHeader('content-type', 'text/html');
    res.end(
      `<!doctype html><p>${session.user ?? 'nobody'}</p><a href="/logout">Sign out</a>${
        speculates ? `<script type="speculationrules">${rules}</script>` : ''
      }`,
    );
  });
}

describeWith('chromium', 'a page that Chromium asks for ahead of the visit', () => {
  let browser: CookieBrowser;
  let page: CookieVisit;
  let base: string;
  const { certificate, key } = selfSignedCertificate(['shop.test']);
  const server = createServer({ cert: certificate, key }, site());

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `https://shop.test:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium(requirePart('chromium'));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  const user = () => page.evaluate("document.querySelector('p').textContent");
  const refused = () => events.filter(({ type }) => type === 'prefetch-refused').length;
  /** Until the server was asked ahead; the test's own time limit is the only clock. */
  async function askedAhead(before: number): Promise<void> {
    while (refused() === before) await page.evaluate("fetch('/').then(() => '')");
  }

  test.each(['prefetch', 'prerender'])(
    'signs nobody out by a %s, and does on the visit',
    async (way) => {
      page = await browser.visit();
      await page.goto(`${base}/login`);
      expect(await user()).toBe('ada');
      const before = refused();
      asked.length = 0;
      await page.goto(`${base}/${way}`);
      await askedAhead(before);
      expect(asked.filter((one) => one.startsWith('/logout'))[0]).toMatch(/^\/logout prefetch/);
      await page.goto(`${base}/me`);
      expect(await user(), 'after it was asked for ahead').toBe('ada');

      await page.goto(`${base}/${way}`);
      await askedAhead(before + 1);
      await page.click('a', `${base}/logout`);
      expect(await user(), 'after the visit').toBe('nobody');
      expect(asked.filter((one) => one.startsWith('/logout')).at(-1)).toBe('/logout');
      await page.close();
    },
    60_000,
  );
});
