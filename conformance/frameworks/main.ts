// `npm run frameworks [-- next h3 …]`: builds applications of other people's frameworks for production, serves each with hallpass as it is
// published, drives them all in one way, and writes what came of it into docs/frameworks.md. Ends with 1 when something does not hold.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { App } from './app.ts';
import { apps } from './apps.ts';
import { checkTypes } from './check-types.ts';
import { type Outcome, runApp } from './run-app.ts';
import { row, withRows } from './table.ts';

const page = fileURLToPath(new URL('../../docs/frameworks.md', import.meta.url));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !apps.some((app) => app.name === name));
if (unknown.length > 0) {
  console.error(`Name frameworks of ${apps.map(({ name }) => name).join(', ')}, not ${unknown.join(', ')}.`);
  process.exit(2);
}

const rows: string[] = [];
for (const app of apps) {
  if (asked.length > 0 && !asked.includes(app.name)) continue;
  console.log(app.title);
  try {
    const outcomes = await runApp(app);
    const types = typesOf(app);
    for (const { name, error } of [...outcomes, types]) {
      console.log(error === undefined ? `  ok    ${name}` : `  FAIL  ${name}: ${String(error)}`);
      if (error !== undefined) process.exitCode = 1;
    }
    rows.push(row(app, outcomes, types));
  } catch (error) {
    console.log(`  FAIL  ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
const titles = apps.map(({ title }) => title);
writeFileSync(page, withRows(readFileSync(page, 'utf8'), rows, titles));

function typesOf(app: App): Outcome {
  const name = 'its types hold in strict mode';
  try {
    checkTypes(app);
    return { name };
  } catch (error) {
    return { name, error };
  }
}
