import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type Mutant, type Place } from './folders.ts';

/** What this uses of Stryker's instrumenter, which stands in a folder of its own. */
interface Instrumenter {
  instrument(
    files: readonly { name: string; content: string; mutate: boolean }[],
    options: object,
  ): Promise<{
    files: readonly { name: string; content: string }[];
    mutants: readonly {
      id: string;
      fileName: string;
      replacement: string;
      location: { start: Place; end: Place };
      statusReason?: string;
      status?: string;
    }[];
  }>;
}

/** What a node of the syntax tree knows of itself and of what stands around it (Babel). */
interface Path {
  readonly node: {
    readonly type: string;
    readonly value?: unknown;
    readonly quasis?: readonly { value: { raw: string } }[];
  };
}

/** Writes the code of a folder, or of a file, with every mutant in it, asleep. */
export async function instrument(root: string, name: string): Promise<Mutant[]> {
  const paths = name.endsWith('.ts')
    ? [`src/${name}`]
    : globSync(`src/${name}/**/*.ts`, { cwd: root }).sort();
  const sources = paths
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => ({ name: path, content: readFileSync(join(root, path), 'utf8'), mutate: true }));
  const { files, mutants } = await (await instrumenter()).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [{ shouldIgnore: whatIsASentence }],
  });
  const fromOne = ({ line, column }: Place) => ({ line: line + 1, column });
  const kept: Mutant[] = mutants.map(
    ({ id, fileName, replacement, location: { start, end }, statusReason }) => ({
      ...{ id, file: fileName, replacement, location: { start: fromOne(start), end: fromOne(end) } },
      ...(statusReason !== undefined && { ignored: statusReason }),
    }),
  );
  const own = filesOf(name);
  rmSync(own.folder, { recursive: true, force: true });
  mkdirSync(own.folder, { recursive: true });
  writeFileSync(own.mutants, JSON.stringify(kept.filter(({ ignored }) => ignored === undefined)));
  writeFileSync(
    own.sources,
    JSON.stringify(Object.fromEntries(files.map(({ name, content }) => [name, content]))),
  );
  return kept;
}

/** What people read is worded for people; the tests of the documents look at it. */
function whatIsASentence({ node }: Path): string | undefined {
  const text =
    node.type === 'StringLiteral'
      ? String(node.value)
      : node.type === 'TemplateLiteral'
        ? (node.quasis ?? []).map(({ value }) => value.raw).join('x')
        : '';
  return text.trim().split(/\s+/).length > 3 ? 'A sentence.' : undefined;
}

async function instrumenter(): Promise<Instrumenter> {
  const at = (file: string) => new URL(`node_modules/${file}`, import.meta.url).href;
  const { createInstrumenter } = await import(at('@stryker-mutator/instrumenter/dist/src/index.js'));
  const { createInjector } = await import(at('typed-inject/dist/src/index.js'));
  const quiet = { info() {}, isDebugEnabled: () => false, debug() {} };
  return createInstrumenter(createInjector().provideValue('logger', quiet));
}
