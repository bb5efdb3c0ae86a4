import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** What one run of the tests came to. */
export interface Tally {
  passed: number;
  failed: number;
  /** Full name and reason of each test that did not run. */
  skipped: string[];
}

/**
 * Ends a test run with one line that .ci/run can add up, and with the name and reason of every test that was skipped.
 * With CI=true a skipped test fails the run.
 */
export class TallyReporter implements Reporter {
  /** A run narrowed by the user (`-t`) skips by intent. */
  #narrowed = false;

  onInit(vitest: Vitest): void {
    this.#narrowed = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const { passed, failed, skipped } = tally(modules, unhandled.length);
    const forbidden = process.env.CI === 'true' && skipped.length > 0;
    if (skipped.length > 0 && !this.#narrowed) {
      console.log(`\n${skipped.length} SKIPPED:\n${skipped.map((line) => `  ${line}`).join('\n')}`);
    }
    if (forbidden) {
      console.log('CI=true, so no test may be skipped: the run has failed.');
      process.exitCode = 1;
    }
    console.log(`\ntests: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}

export function tally(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const result: Tally = { passed: 0, failed: unhandledErrors, skipped: [] };
  for (const module of modules) {
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const outcome = test.result();
      if (outcome.state === 'passed') result.passed++;
      else if (outcome.state === 'failed') failedHere++;
      else if (outcome.state === 'skipped') {
        const reason = outcome.note === undefined ? '' : `: ${outcome.note}`;
        result.skipped.push(`${module.relativeModuleId} > ${test.fullName}${reason}`);
      } else failedHere++;
    }
    // A file that cannot be loaded, or whose hooks throw, has failed though none of its tests did.
    result.failed += failedHere || (module.state() === 'failed' ? 1 : 0);
  }
  return result;
}
