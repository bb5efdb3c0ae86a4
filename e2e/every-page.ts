// `npm run axe`: axe on every page of the site (`npm run site` comes first) and of the front desk, signed out and in, in Chromium: light and dark,
// 390 and 1280 pixels wide. No page may move sideways, at 320 pixels either. `npm run axe -- sessions why/` looks at pages with such names, by all rules.
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { startProgram } from '../examples/shared/test-process.ts';
import { requirePart } from '../tools/test/parts.ts';
import { type AxeScope, axeFindings, colourRules, sideways, widthRules } from './axe.ts';

const site = new URL('../site/dist/html/', import.meta.url);
const pagesAtOnce = 3;
const names = process.argv.slice(2);
const asked = (path: string) => names.length === 0 || names.some((name) => path.includes(name));
const begin = performance.now();
const data = mkdtempSync(join(tmpdir(), 'every-page-'));
const token = 'token-of-the-panel';
const desk = await startProgram(new URL('../examples/front-desk/src/main.ts', import.meta.url), {
  DATA_DIR: data,
  PORT: '0',
  PANEL_TOKEN: token,
});
if (desk.origin === undefined) throw new Error(`The desk did not start: ${desk.stderr()}`);
const browser = await chromium.launch({
  executablePath: requirePart('chromium'),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
});
let problems = 0;
let looked = 0;
try {
  const context = await browser.newContext({ baseURL: desk.origin, reducedMotion: 'reduce' });
  context.setDefaultTimeout(300_000);
  await ofDesk(context);
  const ofSite = globSync('**/*.html', { cwd: site })
    .map((file) => `/docs/${file.replace(/(?:index)?\.html$/, '')}`)
    .sort();
  if (ofSite.length === 0) throw new Error('The site is not there: npm run site comes first.');
  await lookAtAll('of the site', context, ofSite);
} finally {
  await browser.close();
  await desk.stop();
  rmSync(data, { recursive: true });
}
console.log(`${looked} pages, ${problems} findings in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
process.exitCode = problems === 0 ? 0 : 1;

async function ofDesk(context: BrowserContext): Promise<void> {
  const anywhere = ['/', '/nothing-here', '/playground/', `/__hallpass/${token}`, '/trace', '/trace/own'];
  const page = await context.newPage();
  await page.goto('/trace');
  const scenarios = await page.evaluate<string[]>(
    "[...document.querySelectorAll('select[name=scenario] option')].map(({ value }) => '/trace?scenario=' + value)",
  );
  const ways = ['/sign-in', '/sign-in?ended=1', '/sign-in?signed-out=1', '/sign-up'];
  await lookAtAll('of the desk, signed out', context, [...anywhere, ...ways, ...scenarios]);
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').fill('analytical-engine');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/profile');
  await page.close();
  const own = ['/profile', '/devices', '/security', '/settings', '/api', '/confirm', '/debug/cookies'];
  await lookAtAll('of the desk, signed in', context, [...anywhere, ...own]);
}

async function lookAtAll(which: string, context: BrowserContext, paths: readonly string[]): Promise<void> {
  const wanted = paths.filter(asked);
  const folders = new Set<string>();
  const left = wanted.values();
  const look = async () => {
    const page = await context.newPage();
    for (const path of left) {
      // What stands around the pages of a folder is the same in all of them: it is looked at in the first.
      const isFirst = names.length > 0 || !path.startsWith('/docs/') || !folders.has(dirname(path));
      folders.add(dirname(path));
      const start = performance.now();
      for (const finding of await findingsOn(page, path, isFirst)) {
        problems++;
        console.log(`✗ ${path} ${finding}`);
      }
      looked++;
      if (process.stderr.isTTY || process.env.AXE_TIMES === 'true')
        console.error(`${looked} ${path} ${(performance.now() - start).toFixed(0)} ms`);
    }
    await page.close();
  };
  await Promise.all(Array.from({ length: pagesAtOnce }, look));
  console.log(`${wanted.length} pages ${which}`);
}

async function findingsOn(page: Page, path: string, byAllRules: boolean): Promise<string[]> {
  const found: string[] = [];
  await page.setViewportSize({ width: 1280, height: 844 });
  await page.emulateMedia({ colorScheme: 'light' });
  if (byAllRules || !(await turnTo(page, path))) {
    await page.goto(path, { waitUntil: 'load' });
    await stopMotion(page);
  }
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const over = await sideways(page);
    if (over > 0) found.push(`${width}: moves ${over} pixels sideways`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const exclude = ['.VPSidebar', '.VPNav', '.VPLocalNav'];
      const again = colorScheme === 'dark' ? colourRules : width === 390 ? widthRules : undefined;
      const scope: AxeScope = byAllRules ? {} : again === undefined ? { exclude } : { exclude, rules: again };
      const findings = await axeFindings(page, scope);
      found.push(...findings.map((finding) => `${width} ${colorScheme}: ${finding}`));
    }
  }
  await page.setViewportSize({ width: 320, height: 844 });
  const over = await sideways(page);
  if (over > 0) found.push(`320: moves ${over} pixels sideways`);
  return found;
}

/** Turns to another page of the site as a click on a link does, without loading everything again; false where the page that is open cannot. */
function turnTo(page: Page, path: string): Promise<boolean> {
  return page.evaluate(`(async () => {
    const provided = document.querySelector('#app')?.__vue_app__?._context.provides ?? {};
    const router = Object.getOwnPropertySymbols(provided).map((key) => provided[key]).find(({ go }) => go);
    if (router === undefined) return false;
    await router.go(${JSON.stringify(path)});
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return location.pathname === ${JSON.stringify(path)} && document.querySelector('.vp-doc h1') !== null;
  })()`);
}

/** Colours that are on their way from light to dark are nobody's. */
function stopMotion(page: Page): Promise<void> {
  return page.evaluate(`{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }`);
}
