import { posix } from 'node:path';
import type { Check } from './check.ts';
import { readImports } from './read-imports.ts';
import { readSources } from './sources.ts';

/** No file imports itself by way of others, types counted: what forms a circle can only be read together. */
export const circles: Check = {
  name: 'circles',
  async run(root) {
    const sources = readSources(root, ['src', 'e2e', 'conformance', 'bench', 'tools', 'site']);
    return { problems: circlesOf(sources).map((circle) => circle.join(' → ')) };
  },
};

/** One circle for each group of files that reach each other: the shortest that its first file stands in. */
export function circlesOf(sources: ReadonlyMap<string, string>): string[][] {
  const graph = new Map([...sources].map(([file, source]) => [file, importedFiles(file, source)]));
  const circles: string[][] = [];
  const seen = new Set<string>();
  for (const file of [...graph.keys()].sort()) {
    if (seen.has(file)) continue;
    const circle = shortestCircle(graph, file);
    if (circle === undefined) continue;
    circles.push(circle);
    const ahead = reached(graph, file);
    for (const other of ahead) if (reached(graph, other).has(file)) seen.add(other);
  }
  return circles;
}

function importedFiles(file: string, source: string): string[] {
  return readImports(file, source)
    .imports.filter(({ from }) => from?.startsWith('.'))
    .map(({ from = '' }) => posix.join(posix.dirname(file), from));
}

/** Every file that this one imports, at first hand or through others. */
function reached(graph: ReadonlyMap<string, readonly string[]>, from: string): Set<string> {
  const found = new Set<string>();
  const queue = [from];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const file of graph.get(next) ?? []) {
      if (found.has(file)) continue;
      found.add(file);
      queue.push(file);
    }
  }
  return found;
}

function shortestCircle(graph: ReadonlyMap<string, readonly string[]>, start: string): string[] | undefined {
  const before = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return pathTo(before, start, file);
      if (before.has(next)) continue;
      before.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(before: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const path = [start];
  for (let file: string | undefined = end; file !== undefined && file !== start; file = before.get(file)) {
    path.unshift(file);
  }
  return [start, ...path];
}
