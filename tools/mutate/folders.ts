import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const reasons = 'conformance/reasons/*.test.ts';
const overStores = 'conformance/stores/*.test.ts';

/** The folders of src/ that are mutated, and the tests outside of them that are about them. */
const folders: Readonly<Record<string, readonly string[]>> = {
  scope: ['src/cookie/*.test.ts', 'src/jar/*.test.ts', reasons],
  cookie: ['conformance/cookies/*.test.ts', 'src/jar/jar.test.ts', reasons],
  jar: ['conformance/cookies/*.test.ts'],
  client: [reasons],
  session: ['conformance/sessions/*.test.ts', overStores],
  store: [
    ...['conformance/formats/*.test.ts', 'src/session/counters.test.ts', 'src/session/failures.test.ts'],
    overStores,
  ],
  tokens: [reasons, overStores],
  server: ['conformance/server/*.test.ts', reasons],
};

export const folderNames: readonly string[] = Object.keys(folders);

/** Code whose every change is noticed, but those it names: a campaign that counts it otherwise counts wrong. */
export const planted = 'planted';

/** The files whose code is changed. */
export function sourcesOf(name: string, root: string): string[] {
  if (name === planted) return ['tools/mutate/planted/planted.ts'];
  if (name.endsWith('.ts')) return [`src/${name}`];
  const found = globSync(`src/${name}/**/*.ts`, { cwd: root }).sort();
  return found.filter((path) => !path.endsWith('.test.ts'));
}

/** `tokens` of `tokens/keys.ts`. */
export const folderOf = (name: string): string => name.split('/')[0] ?? '';

/** Which tests judge the mutants of a folder, or of a file in it: its own come first. */
export function testsOf(name: string): string[] {
  if (name === planted) return ['tools/mutate/planted/planted.cases.ts'];
  const folder = folderOf(name);
  return [
    `src/${folder}/**/*.test.ts`,
    ...(folders[folder] ?? []),
    'src/misuse.test.ts',
    'src/errors.test.ts',
  ];
}

/** One change of the code in one place. */
export interface Mutant {
  readonly id: string;
  readonly file: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
  /** Why it is not judged. */
  readonly ignored?: string;
}

/** Lines count from 1, columns from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Verdict {
  readonly id: string;
  /** `left something`: a test failed, and goes on failing without the mutant; it is judged again in a new process. */
  readonly status: 'begun' | 'noticed' | 'timeout' | 'left something' | 'survived' | 'not reached';
  /** The test that noticed it. */
  readonly by?: string;
  /** In milliseconds of the processor. */
  readonly took?: number;
}

/** Where a campaign keeps what it knows. */
export function filesOf(name: string) {
  const folder = join(
    fileURLToPath(new URL('../../', import.meta.url)),
    'node_modules/.hallpass/mutate',
    name.replaceAll('/', '_'),
  );
  return {
    folder,
    /** Every change that stands in the code. */
    places: join(folder, 'places.json'),
    /** Those that are judged: all, or a sample. */
    mutants: join(folder, 'mutants.json'),
    sources: join(folder, 'sources.json'),
    verdicts: join(folder, 'verdicts.jsonl'),
    baseline: join(folder, 'baseline.json'),
    notes: join(folder, 'notes.txt'),
    beat: join(folder, 'beat'),
    finished: join(folder, 'finished'),
  };
}
