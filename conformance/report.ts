import { type Exception, exceptions } from './exceptions.ts';
import { type Result, suites } from './index.ts';
import type { Bundle } from './runners/bundle.ts';
import type { Runtime, RuntimeName } from './runners/runtime.ts';
import { startWorld } from './runners/world.ts';

/** How the suites went on one runtime. */
export interface Report {
  readonly runtime: RuntimeName;
  readonly passed: readonly Result[];
  /** Failures that no exception explains. */
  readonly failed: readonly Failure[];
  /** Failures that one explains. */
  readonly excused: readonly Excuse[];
}

export type Failure = Result & { readonly error: string };
export type Excuse = Failure & { readonly why: string };

/** Runs the suites on one runtime, in a world of their own. */
export async function conform(runtime: Runtime, bundle: Bundle): Promise<Report> {
  await using running = await startWorld();
  const results = await runtime.run(bundle, running.world, running.ca);
  return judge(runtime.name, results, exceptions);
}

/** Sorts results into what holds, what does not, and what is known not to. */
export function judge(runtime: RuntimeName, results: readonly Result[], table: readonly Exception[]): Report {
  const rows = table.filter(({ runtimes }) => runtimes.includes(runtime));
  const needed = new Set<Exception>();
  const passed: Result[] = [];
  const failed: Failure[] = [];
  const excused: Excuse[] = [];
  for (const { suite, check, error } of results) {
    if (error === undefined) {
      passed.push({ suite, check });
      continue;
    }
    const row = rows.find((one) => one.suite === suite && (one.check ?? check) === check);
    if (row === undefined) failed.push({ suite, check, error });
    else {
      needed.add(row);
      excused.push({ suite, check, error, why: row.why });
    }
  }
  for (const { name } of suites) {
    if (results.some(({ suite }) => suite === name)) continue;
    failed.push({ suite: name, check: '(the whole suite)', error: 'It did not run.' });
  }
  for (const { suite, check = '(the whole suite)' } of rows.filter((row) => !needed.has(row))) {
    const error = 'This exception explains no failure: take it out of conformance/exceptions.ts.';
    failed.push({ suite, check, error });
  }
  return { runtime, passed, failed, excused };
}
