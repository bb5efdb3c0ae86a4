import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Check, problemsOf, run } from './check.ts';

/** A consumer: its compiler, the module system that it lives in, and what it knows of the web. */
interface Consumer {
  readonly typescript: '5' | '6' | '7';
  readonly module: 'nodenext' | 'node20' | 'node18' | 'node16' | 'bundler';
  readonly kind: 'module' | 'commonjs';
  readonly lib: readonly string[];
  readonly types: readonly string[];
  readonly file: 'universal.ts' | 'store.ts' | 'node.ts' | 'frameworks.ts';
  /** The error, and no other, that README promises it at each import. Default: none. */
  readonly error?: string;
}

const plain: Consumer = {
  typescript: '7',
  module: 'nodenext',
  kind: 'module',
  lib: ['es2024'],
  types: [],
  file: 'universal.ts',
};

/** Without the DOM library and with it, beside the types of each runtime, in each module system, by three compilers. */
const consumers: readonly Consumer[] = [
  plain,
  { ...plain, typescript: '6' },
  { ...plain, typescript: '5' },
  { ...plain, typescript: '5', module: 'bundler', lib: ['es2024', 'dom'] },
  { ...plain, module: 'bundler', lib: ['es2024', 'dom'] },
  { ...plain, types: ['@cloudflare/workers-types'] },
  { ...plain, types: ['bun-types'] },
  { ...plain, file: 'store.ts' },
  { ...plain, types: ['@cloudflare/workers-types'], file: 'store.ts' },
  { ...plain, module: 'node16', types: ['node'] },
  { ...plain, module: 'node20', types: ['node'] },
  { ...plain, module: 'node20', kind: 'commonjs', types: ['node'] },
  { ...plain, kind: 'commonjs', types: ['node'] },
  // These know no require() of an ES module, though Node does it.
  { ...plain, module: 'node16', kind: 'commonjs', types: ['node'], error: 'TS1479' },
  { ...plain, typescript: '5', module: 'node18', kind: 'commonjs', types: ['node'], error: 'TS1479' },
  { ...plain, types: ['node'], file: 'node.ts' },
  { ...plain, typescript: '5', types: ['node'], file: 'node.ts' },
  // Hono's own types need the DOM library; the other frameworks bring the types of Node that they need.
  { ...plain, lib: ['es2024', 'dom'], file: 'frameworks.ts' },
  { ...plain, typescript: '6', module: 'bundler', lib: ['es2024', 'dom'], file: 'frameworks.ts' },
  { ...plain, typescript: '5', lib: ['es2024', 'dom'], file: 'frameworks.ts' },
];

/** Packages whose types an entry point shows, as they are installed for the tests. */
const frameworks = ['express', '@types/express', 'fastify', 'hono', 'undici', '@opentelemetry/api'];

/** The types of the package hold for those who use it, each strict and without skipLibCheck; and it can be required. */
export const consumerTypes: Check = {
  name: 'consumers',
  async run(root) {
    const folder = await setUp(root);
    const problems: string[] = [];
    for (const consumer of consumers) {
      const { typescript, module, kind, lib, types, file, error } = consumer;
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: kind }));
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            ...{ noEmit: true, strict: true, skipLibCheck: false, target: 'es2024', lib, types },
            ...(module === 'bundler' ? { module: 'preserve', moduleResolution: module } : { module }),
          },
          files: kind === 'module' ? [file, 'web.ts'] : [file],
        }),
      );
      const compiler = join(folder, `node_modules/typescript${typescript}/bin/tsc`);
      const { code, output } = await run(root, 'node', [compiler, '-p', folder]);
      const who = `TypeScript ${typescript}, ${module} (${kind}), ${[...lib, ...types].join(' + ')}, ${file}`;
      const found = problemsOf('tsc', code, output);
      const unsaid = error === undefined ? found : otherThan(error, found);
      problems.push(...unsaid.map((line) => `${who}: ${line}`));
    }
    const required = await run(root, 'node', [join(folder, 'common.cjs')]);
    problems.push(
      ...problemsOf('common.cjs', required.code, required.output).map((line) => `common.cjs: ${line}`),
    );
    return { problems, notes: [`${consumers.length} consumers, and one by require()`] };
  },
};

/** What is not this error; and that it is missing, where it is. */
function otherThan(error: string, problems: readonly string[]): string[] {
  const isIt = (line: string) => line.includes(`error ${error}:`);
  // Lines that begin with a space go on with what the line before says.
  const others = problems.filter((line) => !isIt(line) && !line.startsWith(' '));
  return problems.some(isIt) ? others : [...others, `${error} did not come, which README promises`];
}

/** A folder with the compilers, the types of the runtimes, and hallpass as it is published. */
async function setUp(root: string): Promise<string> {
  const source = join(root, 'tools/consumers');
  const folder = join(root, 'node_modules/.hallpass/consumers');
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const installed = join(folder, 'node_modules/.installed');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
    mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(source, file), join(folder, file));
    const { code, output } = await run(folder, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
    if (code !== 0) throw new Error(`npm ci of the consumers failed:\n${output}`);
    writeFileSync(installed, lock);
  }
  const hallpass = join(folder, 'node_modules/hallpass');
  rmSync(hallpass, { recursive: true, force: true });
  cpSync(join(root, 'dist'), join(hallpass, 'dist'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(hallpass, 'package.json'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), ...frameworks]) {
    const link = join(folder, 'node_modules', name);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  for (const file of ['universal.ts', 'store.ts', 'node.ts', 'frameworks.ts', 'common.cjs'])
    copyFileSync(join(source, file), join(folder, file));
  writeFileSync(join(folder, 'web.ts'), neverAny(readFileSync(join(root, 'dist/web.d.ts'), 'utf8')));
  return folder;
}

/** A program that does not compile where one of the web's names, as the declarations of hallpass have them, is `any`. */
function neverAny(declarations: string): string {
  const names = [...declarations.matchAll(/^export type (\w+)/gm)].map(([, name]) => name);
  if (names.length === 0) throw new Error('dist/web.d.ts has no types');
  return [
    `import type * as Web from './node_modules/hallpass/dist/web.js';`,
    ...names.map((name) => `export const has${name}: 0 extends 1 & Web.${name} ? never : true = true;`),
  ].join('\n');
}
