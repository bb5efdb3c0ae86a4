import { spawnSync } from 'node:child_process';
import { median } from './ratio.ts';

const rounds = 15;

/** Milliseconds that importing a door adds to an empty process: the median over fresh processes, taken in turns. */
export function importNote(door: string, limit: number): string {
  const entry = import.meta.resolve(door);
  const empty: number[] = [];
  const full: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(lifetime('0'));
    full.push(lifetime(`await import(${JSON.stringify(entry)})`));
  }
  return `Importing \`${door}\` takes ${(median(full) - median(empty)).toFixed(1)} ms (limit ${limit}).`;
}

function lifetime(script: string): number {
  const start = performance.now();
  spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  return performance.now() - start;
}
