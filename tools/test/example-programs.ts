import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;

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

/** A short program of the documents. */
export interface ExampleProgram {
  /** Where it stands, as a problem names it. */
  readonly at: string;
  readonly code: string;
}

/** What a program printed, line by line, and what it failed with. */
export interface Printed {
  readonly printed: readonly string[];
  readonly error?: string;
}

/** Programs as files of their own, which import the built package. Disposing of them removes the files. */
export interface ExampleFiles extends Disposable {
  /** The file of one of them. */
  fileOf(program: ExampleProgram): string;
  /** Runs some of them in one process, one after another. @param env what the process finds in its environment beside ours */
  run(
    programs: readonly ExampleProgram[],
    env?: Readonly<Record<string, string>>,
  ): ReadonlyMap<ExampleProgram, Printed>;
  /** What the type checker finds in strict mode; empty when it finds nothing. */
  typeProblems(): string;
}

/** Writes the programs into a folder of the repository, where the package's own name leads to dist/. */
export function exampleFiles(programs: readonly ExampleProgram[]): ExampleFiles {
  const folder = mkdtempSync(join(root, '.code-blocks-'));
  const files = new Map(programs.map((program, index) => [program, `example-${index}.ts`]));
  for (const [{ code }, file] of files) writeFileSync(join(folder, file), `${code}\nexport {};\n`);

  return {
    fileOf: (program) => join(folder, files.get(program)!),

    run(some, env) {
      writeFileSync(join(folder, 'run.mjs'), runner);
      const names = JSON.stringify(some.map((program) => files.get(program)));
      const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } } as const;
      const { stdout, stderr } = spawnSync(process.execPath, ['run.mjs', names], options);
      if (stdout === '') throw new Error(`The examples broke off: ${stderr}`);
      const results = JSON.parse(stdout) as Record<string, Printed>;
      return new Map(some.map((program) => [program, results[files.get(program)!]!]));
    },

    typeProblems() {
      const config = {
        extends: '../tsconfig.json',
        compilerOptions: { paths: {}, noUnusedLocals: false },
        include: [],
        files: [join(root, 'tools/test/packages.d.ts'), ...files.values()],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = join(root, 'node_modules/.bin/tsc');
      const { stdout } = spawnSync(tsc, ['-p', folder], { encoding: 'utf8' });
      const places = new Map([...files].map(([{ at }, file]) => [file, at]));
      return stdout.replaceAll(/\S*?(example-\d+\.ts)/g, (whole, file) => places.get(file) ?? whole);
    },

    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The lines that a program says it prints: `// → text` behind a console.log. */
export function promisedLines(code: string): (string | undefined)[] {
  return [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]);
}
