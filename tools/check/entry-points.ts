import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import type { Check } from './check.ts';
import { packageOf } from './imports.ts';
import { reach, roomOf, rooms } from './rooms.ts';

interface Manifest {
  exports: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** What a bundle of one entry point consists of. */
export interface EntryBundle {
  /** Files of src/ whose code is in the bundle. */
  readonly files: readonly string[];
  /** What it imports from outside: packages and node: modules. */
  readonly outside: readonly string[];
  /** Octets of the minified code, packages not counted. */
  readonly size: number;
}

/** Whoever imports one entry point gets its code, and that of no other. */
export const entryPoints: Check = {
  name: 'entry-points',
  async run(root) {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const shipped = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    const problems: string[] = [];
    const notes: string[] = [];
    for (const [path, file] of Object.entries(manifest.exports)) {
      if (!file.endsWith('.js')) continue;
      const name = `hallpass${path.slice(1)}`;
      const source = join(root, 'src');
      const entry = join(source, file.replace('./dist/', '').replace(/\.js$/, '.ts'));
      if (!existsSync(entry)) {
        problems.push(`${name}: ${file} does not exist; package.json names it`);
        continue;
      }
      const bundle = await bundleEntry(source, entry);
      problems.push(...bundleProblems(name, relative(source, entry), bundle, shipped));
      const packages = bundle.outside.filter((one) => !isNode(one));
      const more = packages.length > 0 ? ` + ${packages.join(', ')}` : '';
      notes.push(`${name.padEnd(26)} ${(bundle.size / 1000).toFixed(1).padStart(6)} kB minified${more}`);
    }
    return { problems, notes };
  },
};

/** Bundles one entry point, tree-shaken and minified, with packages left outside. */
export async function bundleEntry(source: string, entry: string): Promise<EntryBundle> {
  const bundle = await rolldown({
    input: entry,
    external: (id, _importer, resolved) => !resolved && !id.startsWith('.') && !id.startsWith('/'),
    treeshake: true,
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const chunks = output.filter((part) => part.type === 'chunk');
  const own = new Set(chunks.map((chunk) => chunk.fileName));
  const files = chunks.flatMap((chunk) =>
    Object.entries(chunk.modules)
      .filter(([, module]) => module.renderedLength > 0)
      .map(([id]) => relative(source, id)),
  );
  const outside = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]);
  return {
    files: files.sort(),
    outside: [...new Set(outside)].filter((one) => !own.has(one)).sort(),
    size: chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0),
  };
}

/** What the import table does not let this entry point hold. @param entry its file below src/ */
export function bundleProblems(
  name: string,
  entry: string,
  bundle: EntryBundle,
  shipped: ReadonlySet<string>,
): string[] {
  const home = roomOf(entry);
  if (home === undefined) return [`${name}: ${entry} belongs to no room of the import table`];
  const allowed = reach(home);
  const rows = [...allowed].map((room) => rooms[room]);
  const packages = new Set(rows.flatMap((row) => row?.packages ?? []));
  const node = rows.some((row) => row?.node === 'any');

  const problems = bundle.files
    .filter((file) => !allowed.has(roomOf(file) ?? ''))
    .map((file) => `${name} drags in ${file} of the room ${roomOf(file) ?? 'nowhere'}`);
  for (const specifier of bundle.outside) {
    if (isNode(specifier)) {
      if (!node) problems.push(`${name} drags in ${specifier}`);
      continue;
    }
    const needed = packageOf(specifier);
    if (!packages.has(needed)) problems.push(`${name} drags in the package ${needed}`);
    else if (!shipped.has(needed))
      problems.push(`${name} imports ${needed}, which package.json does not bring`);
  }
  return problems;
}

function isNode(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}
