// `node conformance/transparency/main.ts [count] [--framework express] [--seed 1] [--program 7] [--minutes 5] [--json '{…}'] [--full]`
import { parseArgs } from 'node:util';
import { type Choice, generate } from './generate.ts';
import { frameworks } from './hosts/hosts.ts';
import { judge } from './judge.ts';
import type { Framework, Program } from './program.ts';
import { type Failure, kindOf, writeFailure } from './report.ts';
import { Workers } from './run-programs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    framework: { type: 'string' },
    seed: { type: 'string', default: '1' },
    program: { type: 'string' },
    json: { type: 'string' },
    minutes: { type: 'string' },
    full: { type: 'boolean', default: false },
    shown: { type: 'string', default: '30' },
  },
});
const framework = frameworks.find((name) => name === values.framework);
const seed = Number(values.seed);
const count = Number(positionals[0] ?? 2_000);
if (!Number.isInteger(seed) || !Number.isInteger(count) || (values.framework && !framework)) {
  console.error(`Name a framework of ${frameworks.join(', ')}; the count and --seed are whole numbers.`);
  process.exit(2);
}
const choice: Choice = { seed, ...(framework === undefined ? {} : { framework: framework as Framework }) };
await using workers = new Workers();

async function* programs(): AsyncGenerator<{ number: number; program: Program }> {
  if (values.json) return yield { number: 0, program: JSON.parse(values.json) };
  const end = Date.now() + Number(values.minutes) * 60_000;
  const [first, last] = values.program ? [Number(values.program), Number(values.program)] : [0, count - 1];
  for (let number = first; values.minutes ? Date.now() < end : number <= last; number++) {
    yield { number, program: await generate(choice, number) };
  }
}

const kinds = new Map<string, number[]>();
const judgement = await judge(
  workers,
  programs(),
  async (failure: Failure) => {
    const kind = kindOf(failure);
    const known = kinds.get(kind);
    if (known !== undefined) return void known.push(failure.number);
    kinds.set(kind, [failure.number]);
    if (kinds.size <= Number(values.shown)) console.log(`${await writeFailure(failure, values.full)}\n`);
  },
  { shrinks: !values.json },
);
const { ran, used, unsteady, once } = judgement;
const failed = [...kinds.values()].flat().length;
for (const [kind, numbers] of [...kinds].sort(([, one], [, other]) => other.length - one.length)) {
  console.log(`${String(numbers.length).padStart(5)}  ${kind}  (${numbers.slice(0, 5).join(' ')})`);
}
for (const [title, failures] of [
  ['differs without hallpass, too', unsteady],
  ['differed once', once],
] as const) {
  for (const { number, program, differences } of failures)
    console.log(`${title}: program ${number}, ${kindOf({ program, differences })}`);
}
console.log(
  `\n${ran} programs, seed ${seed}: ${failed} differ, ${unsteady.length} differ without hallpass, too, ${once.length} differed once`,
);
for (const [sentence, times] of used) console.log(`${String(times).padStart(5)}  ${sentence}`);
process.exitCode = failed > 0 ? 1 : 0;
