import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesBelow } from '../tools/docs/examples.ts';

/**
 * Every `@example` of a docstring in src/ runs here, as a file of its own, against the built package. `// → text` after a
 * console.log is what the line must print. One process runs them all, one after another; a block that is marked `no-run`
 * needs a part that a test does not have, and is type-checked only.
 */
const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(root, '.code-blocks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const examples = examplesBelow(root).map((example, index) => ({ ...example, file: `example-${index}.ts` }));
const running = examples.filter(({ runs }) => runs);

const runner = `
import { format } from 'node:util';
const results = {};
for (const file of JSON.parse(process.argv[2])) {
  const printed = [];
  console.log = (...values) => printed.push(format(...values));
  let error;
  try {
    await import('./' + file);
  } catch (thrown) {
    error = thrown?.stack ?? String(thrown);
  }
  results[file] = { printed, error };
}
process.stdout.write(JSON.stringify(results), () => process.exit());
`;

interface Result {
  readonly printed: readonly string[];
  readonly error?: string;
}
let results: Readonly<Record<string, Result>> = {};

beforeAll(() => {
  writeFileSync(join(folder, 'run.mjs'), runner);
  for (const { file, code } of examples) writeFileSync(join(folder, file), `${code}\nexport {};\n`);
  const files = JSON.stringify(running.map(({ file }) => file));
  const { stdout, stderr } = spawnSync(process.execPath, ['run.mjs', files], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`The examples broke off: ${stderr}`);
  results = JSON.parse(stdout) as typeof results;
}, 60_000);

describe.each(running)('$at', ({ file, code }) => {
  it('runs and prints what it says', () => {
    const { printed = [], error } = results[file] ?? {};
    expect(error).toBeUndefined();
    const promised = [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });
});

it('every example passes the type checker in strict mode', () => {
  const config = {
    extends: '../tsconfig.json',
    compilerOptions: { paths: {}, noUnusedLocals: false },
    include: [],
    files: examples.map(({ file }) => file),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  const named = stdout.replaceAll(/\S*?(example-\d+\.ts)/g, (whole, file) => {
    return examples.find((example) => example.file === file)?.at ?? whole;
  });
  expect(named).toBe('');
});
