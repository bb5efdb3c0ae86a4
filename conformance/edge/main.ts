// `npm run edge [-- one object] [three objects] [D1]`, after a build: the contract of stores, what is promised over any store, and every race of two and of three
// in every order, over the stores of the edge in workerd. Says how far it has come; minutes, on a machine that does nothing else. Ends with 1 when a case fails.
import { parseArgs } from 'node:util';
import { memoryStore } from 'hallpass/stores/memory';
import { overStore } from '../sessions/over-stores/suite.ts';
import { startEdge } from './edge-runtime.ts';

const known = ['one object', 'three objects', 'D1'];
const suites = [
  'contract',
  ...Object.keys(overStore(async () => memoryStore())),
  'races of two',
  'races of three',
];
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`Name stores of ${known.join(', ')}.`);
  process.exit(2);
}
const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1_000);
await using edge = await startEdge('worker.ts');
let [ran, failed] = [0, 0];
for (const store of positionals.length > 0 ? positionals : known) {
  for (const suite of suites) {
    const names = (await edge.ask([store, suite])) as string[];
    for (const [index, name] of names.entries()) {
      const wrong = (await edge.ask([store, suite, name])) as string;
      ran += 1;
      if (wrong !== '') {
        failed += 1;
        console.log(`- ${store}: ${name}: ${wrong}`);
      }
      console.error(`${store}, ${suite}, ${index + 1} of ${names.length}, ${seconds()} s, failed: ${failed}`);
    }
  }
}
console.log(`${ran} cases in ${seconds()} s, failed: ${failed}`);
process.exitCode = failed > 0 ? 1 : 0;
