import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { toNodeListener } from 'hallpass/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesk } from '../examples/front-desk/src/test-desk.ts';
import { selfSignedCertificate } from '../src/testing/lab/certificate.ts';
import { describeWith, type PartName, requirePart } from '../tools/test/parts.ts';
import type { CookieBrowser, CookieVisit } from './cookie-browser.ts';
import { cookieBrowsers } from './cookie-browsers.ts';
import { launchWebkit } from './cookie-webkit.ts';
import { until } from './until.ts';

/*
 * What people do at the front desk, in three engines, over https: WebKit keeps no Secure cookie of http://localhost. The desk runs
 * in this process, so that its clock can be moved.
 */

const browsers: readonly [PartName, string, () => Promise<CookieBrowser>][] = [
  ...cookieBrowsers,
  ['webkit', 'WebKitGTK', () => launchWebkit(requirePart('webkit'))],
];
const password = 'connexion of the sciences';

const { certificate, key } = selfSignedCertificate(['localhost']);
let listener: ReturnType<typeof toNodeListener> | undefined;
const server = createServer({ cert: certificate, key }, (request, response) => listener?.(request, response));
let desk: Awaited<ReturnType<typeof openDesk>>;
let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  desk = await openDesk({ origins: [origin] });
  listener = toNodeListener(desk.app.fetch);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await desk?.close();
});

describe.each(browsers)('%s', (part, name, launch) => {
  describeWith(part, `the front desk in ${name}`, () => {
    let browser: CookieBrowser;
    let here: CookieVisit;
    let there: CookieVisit;
    beforeAll(async () => {
      browser = await launch();
      [here, there] = [await browser.visit(), await browser.visit()];
      desk.clock.advance('1h'); // the throttle forgets
    }, 60_000);
    afterAll(async () => {
      await here?.close();
      await there?.close();
      await browser?.close();
    });

    const open = (visit: CookieVisit, path: string) => visit.goto(`${origin}${path}`);
    const path = (visit: CookieVisit) => visit.evaluate('location.pathname + location.search');
    const text = (visit: CookieVisit) => visit.evaluate('document.body.innerText');
    const fill = (visit: CookieVisit, fields: Record<string, string | true>) =>
      visit.evaluate(
        `Object.entries(${JSON.stringify(fields)}).map(([name, value]) => {
          const field = document.querySelector('main [name="' + name + '"]');
          if (value === true) field.checked = true; else field.value = value;
        }).join()`,
      );
    /** Presses a button, and waits for the page at `to` to stand in the place of this one. */
    async function press(visit: CookieVisit, selector: string, to: string) {
      await visit.evaluate('String(window.left = true)');
      await visit.click(selector, `${origin}${to}`);
      const stands = () =>
        visit.evaluate("String(window.left === undefined && document.readyState === 'complete')");
      await until(async () => (await stands().catch(() => 'on its way')) === 'true');
    }
    async function signIn(visit: CookieVisit, user: string) {
      await open(visit, '/sign-in');
      await fill(visit, { user, password, remember: true });
      await press(visit, 'main form[action="/sign-in"] button', '/profile');
    }
    const user = `user-of-${part}`;

    test('somebody signs up, and is remembered on a second device', async () => {
      await open(here, '/sign-up');
      await fill(here, { user, name: 'Mary Somerville', password });
      await press(here, 'main form[action="/sign-up"] button', '/profile');
      expect(await text(here)).toContain('Hello, Mary Somerville');
      expect(await text(here)).toContain('until you close the browser');
      await signIn(there, user);
      expect(await text(there)).toContain('for 30 days');
    });

    test('signs the other device out, which hears of it while it looks', async () => {
      await open(there, '/devices');
      await open(here, '/devices');
      await press(here, 'form[action="/devices/sign-out-others"] button', '/devices');
      expect(await text(here)).toContain('One other device is signed out.');
      await until(async () => (await path(there).catch(() => '')) === '/sign-in?ended=1');
      await open(there, '/profile');
      expect(await path(there)).toBe('/sign-in?ended=1');
    });

    test('is asked who it is before a sensitive page, once the sign-in is old', async () => {
      await open(here, '/security');
      expect(await path(here)).toBe('/security');
      desk.clock.advance('6m');
      await open(here, '/security');
      expect(await path(here)).toBe('/confirm?back=/security');
      await fill(here, { password });
      await press(here, 'main form[action="/confirm"] button', '/security');
      expect(await text(here)).toContain('Change your password');
    });

    test('lets the desk keep the last visit, and takes that back', async () => {
      await open(here, '/profile');
      expect(await here.cookie('last-visit')).toBeUndefined();
      await press(here, '.consent button[value="yes"]', '/profile');
      expect(await here.cookie('last-visit')).toMatch(/^2026/);
      await open(here, '/settings');
      await press(here, 'main form[action="/consent"] button', '/settings');
      await open(here, '/profile');
      expect(await here.cookie('last-visit')).toBeUndefined();
      expect(await text(here)).toContain('not kept');
    });

    test('signs out, and a copy of the cookie is worth nothing', async () => {
      const cookie = `__Host-session=${await here.cookie('__Host-session')}`;
      const copy = async () => (await desk.app.request(`${origin}/profile`, { headers: { cookie } })).status;
      expect(await copy()).toBe(200);
      await press(here, 'form[action="/sign-out"] button', '/sign-in?signed-out=1');
      expect(await copy()).toBe(303);
      expect(await here.cookie('__Host-session')).toBeUndefined();
    });
  });
});
