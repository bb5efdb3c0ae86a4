import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Check } from './check.ts';

/** What a secret looks like in a log: the marker that tests put into theirs, and what the library makes itself. */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a secret of a test', /hp-secret-/],
  ['a key', /hpk_[\w-]{32,}/],
  ['a session cookie', /(?<![\w-])[\w-]{22}\.[\w-]{43}(?![\w-])/],
];

/** No log of the test run holds a secret. `.ci/run` keeps the log and names it in HALLPASS_TEST_LOG. */
export const secrets: Check = {
  name: 'secrets',
  async run() {
    const log = process.env.HALLPASS_TEST_LOG;
    if (log === undefined)
      return { problems: [], idle: 'no log of a test run is at hand (.ci/run keeps one)' };
    if (!existsSync(log)) return { problems: [`HALLPASS_TEST_LOG names ${log}, which does not exist`] };
    return { problems: secretProblems(readFileSync(log, 'utf8')) };
  },
};

/** The lines that hold a secret, by number: printing them would only spread it. */
export function secretProblems(log: string): string[] {
  return stripVTControlCharacters(log)
    .split('\n')
    .flatMap((line, index) => {
      const found = shapes.filter(([, shape]) => shape.test(line));
      return found.map(([what]) => `line ${index + 1} of the test log holds ${what}`);
    });
}
