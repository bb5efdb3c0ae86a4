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

/** Rooms that are one chunk, by its name: who loads one of them nearly always loads the others. */
const together: Readonly<Record<string, readonly string[]>> = {
  kernel: ['scope', 'cookie'],
  secrets: ['crypto', 'seal', 'store', 'store/memory'],
};

/** A room of which many entry points need a part only: what fewer than two thirds of them load is a chunk of its own. */
const divided = 'cookie';

/**
 * A chunk for several rooms, or for one, those first that reach fewer others: a chunk takes along what it imports and no other has.
 * The commands are no chunk: each is read when it is asked for.
 */
function chunks(source: string): CodeSplittingGroup[] {
  const alone = Object.keys(rooms)
    .filter((room) => room !== 'index' && room !== 'cli' && !ground.includes(room))
    .sort((one, other) => reach(one).size - reach(other).size);
  const groups = [...Object.entries(together), ...alone.map((room) => [room, [room]] as const)];
  return groups.map(([name, members], place) => ({
    name: (id, graph) => nameOf(name, id, graph, source),
    debugName: name,
    test: (id: string) =>
      id.startsWith(source) && members.includes(chunkOf(relative(source, id)) ?? 'no room'),
    priority: groups.length - place,
  }));
}

/**
 * The chunk that a file is in, where a group has one for it. What one entry point loads and nobody else stands in its own file.
 */
function nameOf(group: string, id: string, graph: ModuleGraph, source: string): string | null {
  const { entries, commands } = loaders(id, graph);
  if (entries.size === 1 && commands.size === 0) return null;
  if (chunkOf(relative(source, id)) !== divided) return group.replaceAll('/', '-');
  const most = loaders(join(source, divided, 'set-cookie.ts'), graph).entries.size;
  const isPart = entries.size * 3 < most * 2;
  return group === divided ? `${divided}-definitions` : isPart ? null : group;
}

type ModuleGraph = Parameters<Extract<CodeSplittingGroup['name'], (...given: never) => unknown>>[1];

/** The entry points that load a file, and what is loaded later and needs it, as a command. */
function loaders(id: string, graph: ModuleGraph): { entries: Set<string>; commands: Set<string> } {
  const [entries, commands, seen] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const walk = (one: string) => {
    if (seen.has(one)) return;
    seen.add(one);
    const module = graph.getModuleInfo(one);
    if (module?.isEntry) entries.add(one);
    if ((module?.dynamicImporters.length ?? 0) > 0) commands.add(one);
    for (const importer of module?.importers ?? []) walk(importer);
  };
  walk(id);
  return { entries, commands };
}

/** What lies under all rooms rests on `scope` and comes with it; `index` has nothing of its own. */
function chunkOf(file: string): string | undefined {
  const room = roomOf(file);
  if (room === 'index') return 'cookie';
  return room !== undefined && ground.includes(room) ? 'scope' : room;
}
