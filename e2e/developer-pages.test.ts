import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Program, startProgram } from '../examples/shared/test-process.ts';
import { describeWith } from '../tools/test/parts.ts';
import { axeFindings, sideways } from './axe.ts';
import { picture } from './picture.ts';

const token = 'token-of-the-panel';
const main = new URL('../examples/front-desk/src/main.ts', import.meta.url);

describeWith('chromium', 'the pages for developers in Chromium', (executablePath) => {
  let folder: string;
  let desk: Program;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'developer-pages-'));
    [desk, browser] = await Promise.all([
      startProgram(main, { DATA_DIR: folder, PORT: '0', PANEL_TOKEN: token }),
      chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] }),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await desk?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** As the desk greets with it. */
  const panelAddress = () => /http:\S+\/__hallpass\/\S+/.exec(desk.stdout())?.[0] ?? '';

  test.each(
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [390, 1280].map((width) => ({ width, colorScheme })),
    ),
  )(
    'fit $width pixels, $colorScheme, and axe finds nothing',
    async ({ width, colorScheme }) => {
      const viewport = { width, height: 844 };
      const context = await browser.newContext({
        viewport,
        colorScheme,
        baseURL: desk.origin,
        bypassCSP: false,
      });
      const page = await context.newPage();
      const [complaints, asked]: string[][] = [[], []];
      page.on('console', (message) => complaints!.push(message.text()));
      page.on('pageerror', (error) => complaints!.push(error.message));
      page.on('request', (request) => asked!.push(request.url()));
      const shoot = async (name: string) => {
        await picture(page, `${name}-${width}-${colorScheme}`);
        expect(await sideways(page)).toBe(0);
        expect(await axeFindings(page)).toEqual([]);
      };

      await page.goto('/playground/');
      const loaded = asked!.length;
      await page.getByLabel('What was sent').fill('Set-Cookie: <img src>=1; SameSite=None; Path=/');
      await page.getByLabel('The address that it came from').fill('https://app.example.com/');
      expect(await page.locator('#answer').textContent()).toContain('<img src>');
      expect(await page.locator('#answer img').count()).toBe(0);
      await page.getByLabel('Where it is missed').selectOption('cross-site-link');
      await shoot('playground');
      const link = await page.getByLabel('Link', { exact: true }).inputValue();
      expect(asked!.length, 'nothing leaves the page').toBe(loaded);

      const copy = await context.newPage();
      await copy.goto(link);
      expect(await copy.locator('#answer').textContent()).toContain('none-without-secure');
      await copy.goto('/');
      await page.goto(panelAddress());
      await copy.goto('/trace');
      await page.locator('summary', { hasText: '/trace' }).first().click();
      await page.locator('details[open] .finding').first().waitFor();
      await shoot('panel');
      await page.locator('details[open] .finding a').first().click();
      await page.getByRole('heading', { name: 'What to do' }).waitFor();
      await shoot('why');
      expect(complaints).toEqual([]);
      await context.close();
    },
    60_000,
  );

  test('the panel is not there in production', async () => {
    const data = mkdtempSync(join(tmpdir(), 'developer-pages-'));
    const shop = await startProgram(main, {
      DATA_DIR: data,
      PORT: '0',
      PANEL_TOKEN: token,
      NODE_ENV: 'production',
    });
    try {
      for (const path of ['', `/${token}`, `/${token}/requests`, `/${token}/live`])
        expect((await fetch(`${shop.origin}/__hallpass${path}`)).status).toBe(404);
    } finally {
      await shop.stop();
      rmSync(data, { recursive: true });
    }
  }, 60_000);
});
