// `node bench/imports.ts`, after a build: what importing an entry point takes.
import { spawnSync } from 'node:child_process';
import { limitNote, median } from './shared/ratio.ts';

const rounds = 15;

/** Milliseconds that importing an entry point adds to an empty process: the median over fresh processes, taken in turns. */
function importNote(entryPoint: string, limit: number): string {
  const entry = import.meta.resolve(entryPoint);
  const empty: number[] = [];
  const full: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(lifetime('0'));
    full.push(lifetime(`await import(${JSON.stringify(entry)})`));
  }
  const took = median(full) - median(empty);
  return `Importing \`${entryPoint}\` takes ${took.toFixed(1)} ms ${limitNote(took, limit)}.`;
}

function lifetime(script: string): number {
  const start = performance.now();
  spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  return performance.now() - start;
}

const limits = { hallpass: 2, 'hallpass/jar': 3, 'hallpass/client/slim': 10, 'hallpass/client': 12 };
for (const [entryPoint, limit] of Object.entries(limits)) console.log(`- ${importNote(entryPoint, limit)}`);
console.log();
