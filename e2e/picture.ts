import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** `npm run pictures`: keeps what the page looks like, from top to bottom, in shots/, for people to look at. Tests do without. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.HALLPASS_PICTURES !== 'true') return;
  const path = fileURLToPath(new URL(`../shots/${name}.png`, import.meta.url));
  await page.screenshot({ path, fullPage: true });
}
