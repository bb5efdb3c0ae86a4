import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locate } from '../tools/setup/parts.mjs';
import { describeWith } from '../tools/test/parts.ts';
import { suites } from './index.ts';
import { conform, judge, type Report } from './report.ts';
import { type Bundle, bundleSuites } from './runners/bundle.ts';
import { runtimes } from './runners/index.ts';
import type { Runtime } from './runners/runtime.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleSuites();
}, 60_000);
afterAll(async () => {
  await Promise.allSettled(reports.values());
  await bundle[Symbol.asyncDispose]();
});

/** What each runtime reports, once it was asked. Two run at a time: the one whose report is awaited, and the next. */
const reports = new Map<Runtime, Promise<Report>>();
function report(runtime: Runtime | undefined): Promise<Report> | undefined {
  if (runtime === undefined || (runtime.part !== undefined && locate(runtime.part) === undefined)) return;
  const asked = reports.get(runtime) ?? conform(runtime, bundle);
  reports.set(runtime, asked);
  asked.catch(() => {}); // whoever waits for it hears of it
  return asked;
}

runtimes.forEach((runtime, index) => {
  const body = () => {
    let results: Report;
    beforeAll(async () => {
      const own = report(runtime);
      report(runtimes[index + 1]);
      results = await (own as Promise<Report>);
    }, 300_000);

    it.each(suites)('conforms: $name', ({ name }) => {
      const failed = results.failed.filter(({ suite }) => suite === name);
      expect(failed.map(({ check, error }) => `${check}\n${error}`)).toEqual([]);
    });
  };
  if (runtime.part === undefined) describe(runtime.name, body);
  else describeWith(runtime.part, runtime.name, body);
});

describe('the table of exceptions', () => {
  const results = suites.map(({ name }) => ({ suite: name, check: 'one' }));
  const broken = [...results, { suite: 'client', check: 'two', error: 'no' }];
  const row = { runtimes: ['Bun'], suite: 'client', check: 'two', why: 'because' } as const;

  it('explains a failure of its check, on its runtime only', () => {
    expect(judge('Bun', broken, [row])).toMatchObject({
      failed: [],
      excused: [{ check: 'two', why: 'because' }],
    });
    expect(judge('Deno', broken, [row])).toMatchObject({ failed: [{ check: 'two' }], excused: [] });
    expect(judge('Bun', broken, [{ ...row, check: 'one' }]).failed).toHaveLength(2);
  });

  it('explains a whole suite', () => {
    const { check: _, ...whole } = row;
    expect(judge('Bun', broken, [whole]).failed).toEqual([]);
  });

  it('fails where it explains nothing, or where a suite did not run', () => {
    expect(judge('Bun', results, [row]).failed).toMatchObject([{ check: 'two' }]);
    expect(judge('Bun', results.slice(1), []).failed).toMatchObject([{ suite: results[0]?.suite }]);
  });
});
