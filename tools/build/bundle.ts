import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type CodeSplittingGroup, rolldown } from 'rolldown';
import { ground, reach, roomOf, rooms } from '../check/rooms.ts';

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
}

/**
 * Bundles src/ into dist/: a file for each entry point, and one for each room that several of them share, with source maps.
 * Which rooms an entry point may reach is the import table's, so that none carries what belongs to another.
 */
export async function bundle(root: string): Promise<void> {
  const { bin, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const source = join(root, 'src');
  const entries = [...Object.values(exports), ...Object.values(bin)]
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice('./dist/'.length, -'.js'.length));
  const code = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(source, `${entry}.ts`)])),
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('@oxc-project/'),
    platform: 'node',
    treeshake: { moduleSideEffects: false },
    transform: { target: 'es2023' },
  });
  await code.write({
    dir: join(root, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: ({ moduleIds }) =>
      moduleIds.some((id) => roomOf(relative(source, id)) === 'cli') ? 'cli/[name].js' : 'shared/[name].js',
    sourcemap: true,
    comments: { jsdoc: false },
    codeSplitting: { groups: chunks(source) },
  });
  await code.close();
  for (const file of globSync('**/*.js', { cwd: join(root, 'dist') })) writeAscii(join(root, 'dist', file));
}

/** Writes what is beyond ASCII, which stands in texts only, as escapes: V8 reads such a file in three quarters of the time. */
function writeAscii(file: string): void {
  const code = readFileSync(file, 'utf8');
  const ascii = code.replaceAll(
    /[^\x00-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (ascii !== code) writeFileSync(file, ascii);
}

/** A room of which many entry points need a part only: what fewer than two thirds of them load is a chunk of its own. */
const divided = 'cookie';

/**
 * A chunk for each room, those first that reach fewer others: a chunk takes along what it imports and no other has. The
 * commands are no chunk: each is read when it is asked for.
 */
function chunks(source: string): CodeSplittingGroup[] {
  const names = Object.keys(rooms).filter(
    (room) => room !== 'index' && room !== 'cli' && !ground.includes(room),
  );
  return names.map((room) => ({
    name: room === divided ? (id, graph) => partOf(id, graph, source) : room.replaceAll('/', '-'),
    debugName: room,
    test: (id: string) => id.startsWith(source) && chunkOf(relative(source, id)) === room,
    priority: rooms[room]?.doors ? 0 : names.length - reach(room).size,
  }));
}

/** Which chunk of the divided room a file is in, by how many of the entry points load it that load what is most loaded. */
function partOf(id: string, graph: ModuleGraph, source: string): string {
  const most = loaders(join(source, divided, 'set-cookie.ts'), graph).size;
  return loaders(id, graph).size * 3 < most * 2 ? `${divided}-definitions` : divided;
}

type ModuleGraph = Parameters<Extract<CodeSplittingGroup['name'], (...given: never) => unknown>>[1];

/** The entry points that load a file. */
function loaders(id: string, graph: ModuleGraph): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const walk = (one: string) => {
    if (seen.has(one)) return;
    seen.add(one);
    const module = graph.getModuleInfo(one);
    if (module?.isEntry) found.add(one);
    for (const importer of module?.importers ?? []) walk(importer);
  };
  walk(id);
  return found;
}

/** What lies under all rooms rests on `scope` and comes with it; `index` has nothing of its own. */
function chunkOf(file: string): string | undefined {
  const room = roomOf(file);
  if (room === 'index') return 'cookie';
  return room !== undefined && ground.includes(room) ? 'scope' : room;
}
