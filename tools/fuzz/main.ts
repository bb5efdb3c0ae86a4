// `npm run fuzz -- --minutes 10`: changes texts of the vectors by chance and gives them to everything that reads what strangers send. It counts the
// time of the processor in hours.json, which SECURITY.md quotes; a text that breaks something is kept in found/, and is part of every test run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { seeded } from '../../src/cli/race/random.ts';
import { targets } from './targets.ts';
import { changed, corpus, type Found } from './texts.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = seeded(seed);
const texts = corpus();
const end = Date.now() + Number(values.minutes) * 60_000;
const found: string[] = [];
let tried = 0;

console.log(`${Object.keys(targets).length} targets, ${texts.length} texts to begin with, seed ${seed}`);
while (Date.now() < end && found.length < 20) {
  for (const [name, target] of Object.entries(targets)) {
    const pair = [changed(texts, random), changed(texts, random)] as const;
    tried++;
    try {
      await target(...pair);
    } catch (error) {
      found.push(name);
      console.log(`✗ ${name}: ${String(error)}\n  ${JSON.stringify(pair)}`);
      const folder = new URL('found/', import.meta.url);
      mkdirSync(folder, { recursive: true });
      const kept: Found = { target: name, texts: pair };
      writeFileSync(new URL(`${seed}-${tried}.json`, folder), `${JSON.stringify(kept)}\n`);
    }
  }
}

const { user, system } = process.cpuUsage();
const seconds = (user + system) / 1e6;
const file = new URL('hours.json', import.meta.url);
const before = JSON.parse(readFileSync(file, 'utf8')) as { seconds: number; texts: number };
const date = new Date().toISOString().slice(0, 10);
const sum = { date, seconds: Math.round(before.seconds + seconds), texts: before.texts + tried };
writeFileSync(file, `${JSON.stringify(sum, null, 2)}\n`);
console.log(`${tried} texts in ${Math.round(seconds)} s of the processor; ${found.length} broke something.`);
console.log(`In all ${sum.texts} texts and ${(sum.seconds / 3600).toFixed(2)} hours of the processor.`);
process.exitCode = found.length > 0 ? 1 : 0;
