import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../src/cli/race/random.ts';
import { filesOf, type Mutant, type Place, sourcesOf } from './folders.ts';

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

/** Some of the mutants, drawn at random. */
export interface Sample {
  readonly size: number;
  readonly seed: number;
}

/** Writes the code of a folder, or of a file, with every mutant in it, asleep, and the list of those to be judged. */
export async function instrument(root: string, name: string, sample?: Sample): Promise<void> {
  const sources = sourcesOf(name, root).map((path) => ({
    ...{ name: path, content: readFileSync(join(root, path), 'utf8'), mutate: true },
  }));
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
  const places = kept.filter(({ ignored }) => ignored === undefined);
  writeFileSync(own.places, JSON.stringify(places));
  writeFileSync(own.mutants, JSON.stringify(sample ? drawn(places, sample) : places));
  writeFileSync(
    own.sources,
    JSON.stringify(Object.fromEntries(files.map(({ name, content }) => [name, content]))),
  );
}

/** In the order of the code, so that neighbours are judged one after the other. */
function drawn(places: readonly Mutant[], { size, seed }: Sample): Mutant[] {
  const random = seeded(seed);
  const ranked = places.map((mutant) => ({ mutant, rank: random() }));
  const chosen = new Set(
    ranked
      .toSorted((a, b) => a.rank - b.rank)
      .slice(0, size)
      .map(({ mutant }) => mutant),
  );
  return places.filter((mutant) => chosen.has(mutant));
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
