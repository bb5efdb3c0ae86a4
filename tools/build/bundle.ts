import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
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
}

/**
 * A chunk for each room, those first that reach fewer others: a chunk takes along what it imports and no other has. The
 * commands are no chunk: each is read when it is asked for.
 */
function chunks(source: string) {
  const names = Object.keys(rooms).filter(
    (room) => room !== 'index' && room !== 'cli' && !ground.includes(room),
  );
  return names.map((room) => ({
    name: room.replaceAll('/', '-'),
    test: (id: string) => id.startsWith(source) && chunkOf(relative(source, id)) === room,
    priority: rooms[room]?.doors ? 0 : names.length - reach(room).size,
  }));
}

/** What lies under all rooms rests on `scope` and comes with it; `index` has nothing of its own. */
function chunkOf(file: string): string | undefined {
  const room = roomOf(file);
  if (room === 'index') return 'cookie';
  return room !== undefined && ground.includes(room) ? 'scope' : room;
}
