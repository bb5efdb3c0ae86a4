import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of every TypeScript file below these folders, by its path from the root. */
export function readSources(root: string, folders: readonly string[]): Map<string, string> {
  const sources = new Map<string, string>();
  const exclude = (path: string) => /(^|\/)(node_modules|dist)$/.test(path);
  for (const path of globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root, exclude },
  )) {
    if (!path.endsWith('.d.ts')) sources.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return sources;
}

/** The files of src/ that package.json publishes. */
export function publishedSources(root: string): Set<string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string>;
  };
  return new Set(
    Object.values(exports).map((file) => file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
  );
}
