import { beforeEach, describe } from 'vitest';
import { howToGet, locate, type PartName } from '../setup/parts.mjs';

export type { PartName };

/** The path of Chromium's executable; undefined on a machine without one. */
export const chromium: string | undefined = locate('chromium');

/** The path of a part's executable; an error that says what to install when there is none. */
export function requirePart(name: PartName): string {
  const path = locate(name);
  if (path === undefined) throw new Error(`These tests need ${name}: type ${howToGet(name)}.`);
  return path;
}

/**
 * A `describe` for tests that need a part. Where it is missing they are skipped, and the reporter names each;
 * with CI=true they fail instead. `body` gets the path of the executable, `''` when its tests will not run.
 */
export function describeWith(name: PartName, title: string, body: (path: string) => void): void {
  const path = locate(name);
  if (path !== undefined) describe(title, () => body(path));
  else if (process.env.CI !== 'true') describe.skip(`${title} (no ${name} on this machine)`, () => body(''));
  else {
    describe(title, () => {
      beforeEach(() => {
        requirePart(name);
      });
      body('');
    });
  }
}
