import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'rolldown/utils';
import { docText } from './exports.ts';

/** A server, or a runtime, that an example needs. */
type Place = 'redis' | 'postgres' | 'workerd';

/** An `@example` of a docstring. */
export interface Example {
  /** Where it stands: `src/jar/jar.ts:12`. */
  readonly at: string;
  readonly code: string;
  /** What it runs on, where that is more than a process of Node: the tests of the stores there run it. */
  readonly on?: Place;
}

/** Every `@example` in the docstrings of src/, or of a folder there. */
export function examplesBelow(root: string, folder = 'src'): Example[] {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root, exclude: (path) => path.endsWith('.test.ts') });
  return files.sort().flatMap((file) => examplesIn(file, readFileSync(`${root}/${file}`, 'utf8')));
}

/** @throws Error for an example that is not fenced as TypeScript */
export function examplesIn(file: string, source: string): Example[] {
  if (!source.includes('@example')) return [];
  const { comments } = parseSync(file, source, { lang: 'ts', sourceType: 'module' });
  return comments
    .filter(({ value }) => value.startsWith('*'))
    .flatMap(({ value, start }) => {
      const at = `${file}:${source.slice(0, start).split('\n').length}`;
      const [, ...parts] = docText(value).split(/^@example\b/m);
      return parts.map((part) => {
        const [, on, code] = /^\s*```ts(?: on (redis|postgres|workerd))?\n(.*?)^```$/ms.exec(part) ?? [];
        if (code === undefined) throw new Error(`${at}: an @example is a block of code fenced by \`\`\`ts.`);
        return { at, code, ...(on !== undefined && { on: on as Place }) };
      });
    });
}
