import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { raceKills, raceSeconds, raceWrites } from '../../../tools/test/runs.ts';
import { openJar } from './index.ts';

const writer = fileURLToPath(new URL('./race-writer.ts', import.meta.url));
const processes = 4;
const patienceMs = 32_000 + raceSeconds * 10_000;

it(
  `loses nothing that ${processes} processes were told is written, which are killed at any moment`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-race-'));
    const path = join(folder, 'jar.json');
    /** Of each process, the last value that it said is written. */
    const written = new Map<string, number>();
    const complaints: string[] = [];
    let kills = 0;
    const start = performance.now();
    const end = start + raceSeconds * 1_000;

    const writes = () => [...written.values()].reduce((sum, value) => sum + value, 0);
    const goesOn = () => kills < raceKills || performance.now() < end || writes() < raceWrites;

    /** One place of the race: a process after the other, each killed after some writes, or in a long race after many, and any moment more. */
    async function run(place: number): Promise<void> {
      for (let turn = 0; goesOn(); turn++) {
        const name = `p${place}t${turn}`;
        const child = spawn(process.execPath, [writer, path, name]);
        child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
        const few = 1 + ((place * 7 + turn * 13) % 9);
        const isLong = raceSeconds > 0 && turn % 2 === 1;
        await until(child, isLong ? few * 40 : few, (value) => written.set(name, value));
        for (let moment = (place * 311 + turn * 173) % 500; moment > 0; moment--) await eventLoopTurn();
        child.kill('SIGKILL');
        kills++;
        await once(child, 'close');
      }
    }

    try {
      await Promise.all(Array.from({ length: processes }, (_, place) => run(place)));
      const jar = await openJar(path);
      const lost = [...written].filter(
        ([name, value]) => !(Number(jar.get('n', `https://${name}.example/`)?.value) >= value),
      );
      expect(lost).toEqual([]);
      expect(complaints.filter((text) => !text.includes('ExperimentalWarning'))).toEqual([]);
      expect(written.size).toBeGreaterThanOrEqual(raceKills);
      if (raceSeconds > 0) {
        const seconds = Math.round((performance.now() - start) / 1_000);
        console.log(`${kills} processes killed in ${seconds} s, after ${writes()} writes: none is lost.`);
      }
      jar.set('last=1', 'https://last.example/');
      await jar.flush();
      expect(readdirSync(folder)).toEqual(['jar.json', 'jar.json.lock.sqlite']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  patienceMs,
);

/** Calls with each value that a process prints, until there were as many or it ended by itself. */
function until(child: ChildProcess, values: number, onValue: (value: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let line = '';
    let count = 0;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const value of lines) onValue(Number(value));
      count += lines.length;
      if (count >= values) resolve();
    });
    child.on('close', () => resolve());
  });
}
