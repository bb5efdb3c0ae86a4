import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../tools/test/parts.ts';
import { suites } from './index.ts';
import { conform, judge, type Report } from './report.ts';
import { type Bundle, bundleSuites } from './runners/bundle.ts';
import { runtimes } from './runners/index.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleSuites();
});
afterAll(() => bundle[Symbol.asyncDispose]());

for (const runtime of runtimes) {
  const body = () => {
    let report: Report;
    beforeAll(async () => {
      report = await conform(runtime, bundle);
    }, 180_000);

    it.each(suites)('conforms: $name', ({ name }) => {
      const failed = report.failed.filter(({ suite }) => suite === name);
      expect(failed.map(({ check, error }) => `${check}\n${error}`)).toEqual([]);
    });
  };
  if (runtime.part === undefined) describe(runtime.name, body);
  else describeWith(runtime.part, runtime.name, body);
}

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
