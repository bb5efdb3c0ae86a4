// `npm run frameworks [-- next h3 … testing]`: builds applications of other people's frameworks for production, serves each with hallpass as it is
// published, drives them all in one way, and writes what came of it into docs/frameworks.md. Ends with 1 when something does not hold.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apps } from './apps.ts';
import { checkTypes } from './check-types.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { runApp } from './run-app.ts';
import { row, withRows } from './table.ts';
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
  await report(app.title, async () => {
    const outcomes = await runApp(app);
    const types = outcomeOf('its types hold in strict mode', () => checkTypes(app));
    const rows = [row(app, outcomes, types)];
    writeFileSync(page, withRows(readFileSync(page, 'utf8'), rows, titles));
    return [...outcomes, types];
  });
}
if (isAsked(testing)) await report('Tools of tests', async () => runTestTools());

async function report(title: string, run: () => Promise<Outcome[]>): Promise<void> {
  console.log(title);
  const outcomes = await run().catch((error: unknown): Outcome[] => [{ name: 'it runs', error }]);
  for (const { name, error } of outcomes) {
    console.log(error === undefined ? `  ok    ${name}` : `  FAIL  ${name}: ${String(error)}`);
    if (error !== undefined) process.exitCode = 1;
  }
}
