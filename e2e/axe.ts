import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const source = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** Which of a page is looked at. Default: everything, by all rules. */
export interface AxeScope {
  readonly rules?: readonly string[];
  /** Selectors of what is left out. */
  readonly exclude?: readonly string[];
}

/** Rules whose answer may change with the colours. */
export const colourRules = ['color-contrast', 'link-in-text-block'];
/** Rules whose answer may change with the width. */
export const widthRules = [...colourRules, 'scrollable-region-focusable', 'target-size'];

/**
 * What axe finds wrong with the page for people who see, hear or point differently: the rule, and the elements.
 * A page that lets no script of ours in gets it by the browser's own door.
 */
export async function axeFindings(page: Page, { rules, exclude = [] }: AxeScope = {}): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(source);
  const context = JSON.stringify({ include: [['html']], exclude: exclude.map((selector) => [selector]) });
  const options = JSON.stringify({
    resultTypes: ['violations'],
    preload: false, // no rule that is on asks for the texts of style sheets
    ...(rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } }),
  });
  const violations = await page.evaluate<{ id: string; nodes: { html: string; target: string[] }[] }[]>(
    `axe.run(${context}, ${options}).then(({ violations }) => violations)`,
  );
  return violations.map(({ id, nodes }) => {
    const some = nodes.slice(0, 3).map(({ target, html }) => `${target} ${html.slice(0, 200)}`);
    return `${id} (${nodes.length}): ${some.join('\n      ')}`;
  });
}

/** How far the page can be moved sideways, in CSS pixels: 0 where it fits its window. */
export async function sideways(page: Page): Promise<number> {
  await page.waitForLoadState(); // before its style sheet is there, any page is too wide
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
