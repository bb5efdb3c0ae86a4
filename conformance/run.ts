import type { Case } from './case.ts';
import { type Result, type Suite, suites } from './index.ts';
import type { World } from './world.ts';

/** No check waits for longer, in ms. */
const patience = 20_000;

/** Runs the suites, or the one of this name, one after the other. A check that fails, hangs or cannot be loaded is a result like any other. */
export async function runSuites(world: World, only?: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const suite of suites) {
    if (only === undefined || only === suite.name) results.push(...(await runSuite(suite, world)));
  }
  return results;
}

async function runSuite(suite: Suite, world: World): Promise<Result[]> {
  let checks: readonly Case[];
  try {
    checks = await suite.load(world);
  } catch (error) {
    return [{ suite: suite.name, check: '(loading)', error: textOf(error) }];
  }
  const results: Result[] = [];
  for (const { name, run } of checks) {
    try {
      await inTime(run());
      results.push({ suite: suite.name, check: name });
    } catch (error) {
      results.push({ suite: suite.name, check: name, error: textOf(error) });
    }
  }
  return results;
}

async function inTime(work: unknown): Promise<void> {
  let timer: unknown;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${patience / 1_000} s`)), patience);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer as number);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
