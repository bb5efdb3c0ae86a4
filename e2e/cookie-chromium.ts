import { chromium } from 'playwright-core';
import type { CookieBrowser } from './cookie-browser.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP *.test 127.0.0.1',
];

/** Starts Chromium: `*.test` is this machine, and any certificate is good. */
export async function launchChromium(executablePath: string): Promise<CookieBrowser> {
  const browser = await chromium.launch({ executablePath, args: flags });
  return {
    async visit() {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (expression) => page.evaluate(expression),
        click: async (selector, url) =>
          void (await Promise.all([page.waitForURL(url), page.locator(selector).click()])),
        cookie: async (name) =>
          (await context.cookies(page.url())).find((cookie) => cookie.name === name)?.value,
        stored: async () => (await context.cookies()).length,
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
