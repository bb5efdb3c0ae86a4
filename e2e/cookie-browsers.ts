import { type PartName, requirePart } from '../tools/test/parts.ts';
import type { CookieBrowser } from './cookie-browser.ts';
import { launchChromium } from './cookie-chromium.ts';
import { launchFirefox } from './cookie-firefox.ts';

/** The browsers that are asked, and how each is started. */
export const cookieBrowsers: readonly [PartName, string, () => Promise<CookieBrowser>][] = [
  ['chromium', 'Chromium', () => launchChromium(requirePart('chromium'))],
  ['firefox', 'Firefox', () => launchFirefox(requirePart('firefox'))],
];
