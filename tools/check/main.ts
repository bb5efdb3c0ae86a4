// `npm run check`: everything that must hold of the repository beside its tests.
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { benchRows } from './bench-rows.ts';
import { build } from './build.ts';
import type { Check, Outcome } from './check.ts';
import { circles } from './circles.ts';
import { consumerTypes } from './consumers.ts';
import { defaults } from './defaults.ts';
import { docs } from './docs.ts';
import { entryPoints } from './entry-points.ts';
import { examples } from './examples.ts';
import { exports } from './exports.ts';
import { imports } from './imports.ts';
import { lengths } from './lengths.ts';
import { lint } from './lint.ts';
import { packageTruth } from './package.ts';
import { references } from './references.ts';
import { retired } from './retired.ts';
import { secrets } from './secrets.ts';
import { site } from './site.ts';
import { types } from './types.ts';

const checks: readonly Check[] = [
  build,
  types,
  lint,
  imports,
  lengths,
  circles,
  exports,
  entryPoints,
  docs,
  references,
  benchRows,
  retired,
  examples,
  defaults,
  packageTruth,
  consumerTypes,
  site,
  secrets,
];
const root = fileURLToPath(new URL('../../', import.meta.url));

let passed = 0;
let failed = 0;
for (const check of checks) {
  const begin = performance.now();
  const { problems, notes = [], idle } = await outcomeOf(check);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  if (problems.length > 0) failed++;
  else if (idle === undefined) passed++;
  const word = problems.length > 0 ? 'FAIL' : idle === undefined ? 'ok  ' : '–   ';
  console.log(
    `${word} ${check.name.padEnd(12)} ${seconds.padStart(5)} s${idle === undefined ? '' : `  ${idle}`}`,
  );
  for (const note of notes) console.log(`       ${note}`);
  for (const problem of problems) console.log(`     ✗ ${problem}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A check that breaks off is a check that failed; the others still run. */
async function outcomeOf(check: Check): Promise<Outcome> {
  try {
    return await check.run(root);
  } catch (error) {
    return { problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
