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

/** What a bundle of one door consists of. */
export interface DoorBundle {
  /** Files of src/ whose code is in the bundle. */
  readonly files: readonly string[];
  /** What it imports from outside: packages and node: modules. */
  readonly outside: readonly string[];
  /** Octets of the minified code, packages not counted. */
  readonly size: number;
}

/** Whoever imports one door gets the code of that door, and of no other. */
export const doors: Check = {
  name: 'doors',
  async run(root) {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const shipped = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    const problems: string[] = [];
    const notes: string[] = [];
    for (const [door, file] of Object.entries(manifest.exports)) {
      if (!file.endsWith('.js')) continue;
      const name = `hallpass${door.slice(1)}`;
      const source = join(root, 'src');
      const entry = join(source, file.replace('./dist/', '').replace(/\.js$/, '.ts'));
      if (!existsSync(entry)) {
        problems.push(`${name}: ${file} does not exist; package.json names it`);
        continue;
      }
      const bundle = await bundleDoor(source, entry);
      problems.push(...doorProblems(name, relative(source, entry), bundle, shipped));
      const packages = bundle.outside.filter((one) => !isNode(one));
      const more = packages.length > 0 ? ` + ${packages.join(', ')}` : '';
      notes.push(`${name.padEnd(26)} ${(bundle.size / 1000).toFixed(1).padStart(6)} kB minified${more}`);
    }
    return { problems, notes };
  },
};

/** Bundles one door, tree-shaken and minified, with packages left outside. */
export async function bundleDoor(source: string, entry: string): Promise<DoorBundle> {
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

/** What the import table does not let this door hold. @param entry the door's file below src/ */
export function doorProblems(
  door: string,
  entry: string,
  bundle: DoorBundle,
  shipped: ReadonlySet<string>,
): string[] {
  const home = roomOf(entry);
  if (home === undefined) return [`${door}: ${entry} belongs to no room of the import table`];
  const allowed = reach(home);
  const rows = [...allowed].map((name) => rooms[name]);
  const packages = new Set(rows.flatMap((row) => row?.packages ?? []));
  const node = rows.some((row) => row?.node === 'any');

  const problems = bundle.files
    .filter((file) => !allowed.has(roomOf(file) ?? ''))
    .map((file) => `${door} drags in ${file} of the room ${roomOf(file) ?? 'nowhere'}`);
  for (const specifier of bundle.outside) {
    if (isNode(specifier)) {
      if (!node) problems.push(`${door} drags in ${specifier}`);
      continue;
    }
    const name = packageOf(specifier);
    if (!packages.has(name)) problems.push(`${door} drags in the package ${name}`);
    else if (!shipped.has(name)) problems.push(`${door} imports ${name}, which package.json does not bring`);
  }
  return problems;
}

function isNode(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}
