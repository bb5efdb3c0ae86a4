import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Check } from './check.ts';
import { type Import, readImports } from './read-imports.ts';
import { ground, reach, roomOf, rooms, strangers, typePackages } from './rooms.ts';

/** Every file of src/ keeps to the import table, and to the rules of pure rooms. */
export const imports: Check = {
  name: 'imports',
  async run(root) {
    const files = new Map<string, string>();
    for (const path of globSync('**/*.ts', { cwd: join(root, 'src') })) {
      if (!path.endsWith('.test.ts')) files.set(path, readFileSync(join(root, 'src', path), 'utf8'));
    }
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string>;
    };
    const doors = Object.values(manifest.exports).map((file) =>
      file.replace('./dist/', '').replace(/\.js$/, '.ts'),
    );
    return { problems: [...tableProblems(), ...fileProblems(files, new Set(doors))] };
  },
};

/** What is wrong with the table itself: rooms that it does not know, and strangers who could meet. */
export function tableProblems(): string[] {
  const problems: string[] = [];
  for (const [name, row] of Object.entries(rooms)) {
    for (const other of [...row.rooms, ...(row.types ?? [])]) {
      if (rooms[other] === undefined) problems.push(`rooms.ts: ${name} lists ${other}, which is no room`);
    }
    const reached = reach(name);
    for (const [a, b] of strangers) {
      if (reached.has(a) && reached.has(b)) problems.push(`rooms.ts: ${a} and ${b} meet in ${name}`);
    }
  }
  return problems;
}

/** @param files source by path below src/. @param doors the files that package.json publishes, by the same paths. */
export function fileProblems(files: ReadonlyMap<string, string>, doors: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  for (const [file, source] of files) {
    const report = (line: number, text: string) => problems.push(`src/${file}:${line} ${text}`);
    const name = roomOf(file);
    const room = name === undefined ? undefined : rooms[name];
    if (name === undefined || room === undefined) {
      report(1, 'belongs to no room of the import table (tools/check/rooms.ts)');
      continue;
    }
    for (const [at, line] of source.split('\n').entries()) {
      if (/\binstanceof Promise\b/.test(line))
        report(
          at + 1,
          'tests for a promise by its class, which a program may have replaced: use isPromised of time/',
        );
    }
    const { imports, ambient } = readImports(file, source);
    for (const found of imports) {
      const problem = refuse(file, name, found, doors);
      if (problem !== undefined) report(found.line, problem);
    }
    for (const { name: taken, line } of ambient) {
      if (taken === 'process.getBuiltinModule') {
        if (room.node === undefined) report(line, `uses ${taken}; only crypto and the rooms of Node may`);
      } else if (room.pure) report(line, `takes ${taken} out of the air; ${name} is pure, so pass it in`);
    }
  }
  return problems;
}

/** Why a file of `name` may not have this import; undefined when it may. */
function refuse(file: string, name: string, found: Import, doors: ReadonlySet<string>): string | undefined {
  const { from, typeOnly } = found;
  const room = rooms[name];
  if (room === undefined) return `${name} is no room`;
  if (from === undefined) return 'imports something computed, which nobody can check';
  if (from.startsWith('node:')) {
    const allowed = room.node === 'any' || (room.node === 'builtin' && typeOnly);
    return allowed ? undefined : `imports ${from}, and ${name} may not use node:`;
  }
  if (!from.startsWith('.')) {
    const allowed = [...(room.packages ?? []), ...(typeOnly ? typePackages : [])];
    return allowed.includes(packageOf(from))
      ? undefined
      : `imports ${from}, a package that ${name} may not use`;
  }
  if (!from.endsWith('.ts')) return `imports ${from}; write the file's ending, .ts`;

  const target = posix.normalize(posix.join(posix.dirname(file), from));
  const other = roomOf(target);
  if (other === undefined) return `imports ${target}, which belongs to no room`;
  if (other === name || ground.includes(other)) return undefined;
  if (room.rooms.includes(other) || (room.doors && doors.has(target))) return undefined;
  if (room.doors) return `imports ${target}, which is no door; ${name} uses published doors only`;
  if (room.types?.includes(other)) {
    return typeOnly
      ? undefined
      : `imports ${target}, but ${name} may have only types of ${other}: write import type`;
  }
  return `imports ${target}, but ${name} may not import ${other}`;
}

/** `@scope/name` or `name` of an import such as `hono/factory`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
