import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'hallpass-reporter-'));
  writeFileSync(
    join(project, 'vitest.config.ts'),
    `import { TallyReporter } from ${JSON.stringify(here('reporter.ts'))};
     export default { test: { globals: true, reporters: [new TallyReporter()] } };`,
  );
  writeFileSync(
    join(project, 'page.test.ts'),
    `import { describeWith } from ${JSON.stringify(here('parts.ts'))};
     test('adds', () => expect(1 + 1).toBe(2));
     test('waits', (context) => context.skip('the moon is down'));
     describeWith('chromium', 'the page', () => { test('draws a hop', () => {}); });`,
  );
  writeFileSync(join(project, 'broken.test.ts'), `import './absent.ts';`);
});
afterAll(() => rmSync(project, { recursive: true }));

/** A real run of vitest over the project, on a machine without a browser. */
function run(file: string, env: Record<string, string>) {
  const vitest = here('../../node_modules/vitest/vitest.mjs');
  const { status, stdout } = spawnSync(process.execPath, [vitest, 'run', '--root', project, file], {
    env: { PATH: project, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  });
  return { status, lines: stdout.trim().split('\n') };
}

describe('the end of a test run', () => {
  test('names each skipped test and why', () => {
    const { status, lines } = run('page', {});
    expect(lines).toEqual([
      '2 SKIPPED:',
      '  page.test.ts > waits: the moon is down',
      '  page.test.ts > the page (no chromium on this machine) > draws a hop',
      '',
      'tests: 1 passed, 0 failed, 2 skipped',
    ]);
    expect(status).toBe(0);
  });

  test('is a failure with CI=true when a test was skipped or lacks its part', () => {
    const { status, lines } = run('page', { CI: 'true' });
    expect(lines).toContain('CI=true, so no test may be skipped: the run has failed.');
    expect(lines.at(-1)).toBe('tests: 1 passed, 1 failed, 1 skipped');
    expect(status).toBe(1);
  });

  test('counts a file that cannot be loaded as a failure', () => {
    const { status, lines } = run('broken', {});
    expect(lines.at(-1)).toBe('tests: 0 passed, 1 failed, 0 skipped');
    expect(status).toBe(1);
  });
});
