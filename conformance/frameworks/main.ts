// `npm run frameworks [-- next h3 … testing]`: builds applications of other people's frameworks for production, serves each with hallpass as it is
// published, drives them all in one way, and writes what came of it into docs/frameworks.md. Ends with 1 when something does not hold.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { App } from './app.ts';
import { apps } from './apps.ts';
import { checkTypes } from './check-types.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { runApp } from './run-app.ts';
import { type Result, row, withRows } from './table.ts';
import { runTestTools, testing } from './test-tools.ts';

const page = fileURLToPath(new URL('../../docs/frameworks.md', import.meta.url));
const names = [...apps, testing].map(({ name }) => name);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`Name frameworks of ${names.join(', ')}, not ${unknown.join(', ')}.`);
  process.exit(2);
}
const isAsked = ({ name }: { name: string }) => asked.length === 0 || asked.includes(name);

const titles = apps.map(({ title }) => title);
for (const app of apps.filter(isAsked)) {
  console.log(app.title);
  const result = await resultOf(app);
  writeFileSync(page, withRows(readFileSync(page, 'utf8'), [row(app, result)], titles));
  report('failed' in result ? [{ name: 'it runs', error: result.failed }] : [...result.cases, result.types]);
}
if (isAsked(testing)) {
  console.log('Tools of tests');
  report(outcomesOfTools());
}

/** Types are checked where the app was built: some are made by the build. */
async function resultOf(app: App): Promise<Result> {
  try {
    const cases = await runApp(app);
    return { cases, types: outcomeOf('its types hold in strict mode', () => checkTypes(app)) };
  } catch (failed) {
    return { failed };
  }
}

function outcomesOfTools(): Outcome[] {
  try {
    return runTestTools();
  } catch (error) {
    return [{ name: 'they run', error }];
  }
}

function report(outcomes: readonly Outcome[]): void {
  for (const { name, error } of outcomes) {
    console.log(error === undefined ? `  ok    ${name}` : `  FAIL  ${name}: ${String(error)}`);
    if (error !== undefined) process.exitCode = 1;
  }
}
