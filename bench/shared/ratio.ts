import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { record } from './rows.ts';

/** One contender: a name and one operation on an input. `at` counts the operations. */
export interface Contender<Input> {
  name: string;
  run(input: Input, at: number): unknown;
}

/** A comparison of our operation with a peer's on the same inputs, and the ratio that it must not pass. */
export interface Comparison<Input> {
  title: string;
  /** What the inputs are, in a word. */
  input: string;
  /** They are taken in turns. Fewer than {@link leastInputs} that differ are refused: a memo would win with them. */
  inputs: readonly Input[];
  ours: Contender<Input>;
  peer: Contender<Input>;
  /** Time of ours / time of the peer, at the most. */
  limit: number;
}

const leastInputs = 64;

/** @throws TypeError for a bench whose inputs are one, or few: by what they hold, not by which object they are. */
export function checkInputs({ title, inputs }: { title: string; inputs: readonly unknown[] }): void {
  const differ = new Set(inputs.map((input) => JSON.stringify(input))).size;
  if (differ < leastInputs)
    throw new TypeError(`${title}: ${differ} inputs that differ; a fair row has ${leastInputs} or more.`);
}

export interface Outcome {
  title: string;
  input: string;
  /** Median over the rounds of (time of ours / time of the peer in the same round). */
  ratio: number;
  limit: number;
  /** Median nanoseconds an operation, to give the order of magnitude only. */
  ours: number;
  peer: number;
  peerName: string;
}

/** Keeps results alive, so that no call is optimised away. */
let sink: unknown;

/**
 * Nanoseconds. A process that is held on one processor (`taskset -c 1`) counts its own processor time: what other programs
 * take meanwhile is no concern of it.
 */
const now: () => bigint =
  availableParallelism() > 1
    ? process.hrtime.bigint
    : () => {
        const { user, system } = process.cpuUsage();
        return BigInt(user + system) * 1_000n;
      };

/** Nanoseconds an operation, over about `ms` milliseconds. */
function time<Input>(contender: Contender<Input>, inputs: readonly Input[], ms: number): number {
  let operations = 0;
  let batch = 64;
  const start = now();
  const end = start + BigInt(ms * 1e6);
  let at = start;
  while (at < end) {
    for (let i = 0; i < batch; i++) {
      const operation = operations + i;
      sink = contender.run(inputs[operation % inputs.length] as Input, operation);
    }
    operations += batch;
    at = now();
    if (at - start < BigInt(ms * 1e5)) batch *= 2;
  }
  return Number(at - start) / operations;
}

/** As {@link time}, for an operation that answers with a promise: each begins when the one before it has ended. */
async function timeAwaited<Input>(
  contender: Contender<Input>,
  inputs: readonly Input[],
  ms: number,
): Promise<number> {
  let operations = 0;
  const start = now();
  const end = start + BigInt(ms * 1e6);
  let at = start;
  for (; at < end; at = now()) {
    for (let i = 0; i < 64; i++) {
      const operation = operations + i;
      sink = await contender.run(inputs[operation % inputs.length] as Input, operation);
    }
    operations += 64;
  }
  return Number(at - start) / operations;
}

export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

/**
 * Every contender once a round, in alternating order; the ratio is taken within the round, the median over the rounds.
 * Begins with a clean heap, where gc() is exposed: marking what the comparison before it left would slow down one of the two.
 */
export function compare<Input>(comparison: Comparison<Input>, rounds = 15, ms = 20): Outcome {
  const { ours, peer, inputs } = comparison;
  checkInputs(comparison);
  globalThis.gc?.();
  time(ours, inputs, ms);
  time(peer, inputs, ms);
  const measured = Array.from({ length: rounds }, (_, round) => {
    const first = round % 2 === 0 ? ours : peer;
    const one = time(first, inputs, ms);
    const two = time(first === ours ? peer : ours, inputs, ms);
    return first === ours ? { ours: one, peer: two } : { ours: two, peer: one };
  });
  return outcome(comparison, measured);
}

/** As {@link compare}, for operations that answer with a promise. */
export async function compareAwaited<Input>(
  comparison: Comparison<Input>,
  rounds = 31,
  ms = 20,
): Promise<Outcome> {
  const { ours, peer, inputs } = comparison;
  checkInputs(comparison);
  await timeAwaited(ours, inputs, 10 * ms);
  await timeAwaited(peer, inputs, 10 * ms);
  const measured: { ours: number; peer: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? ours : peer;
    const one = await timeAwaited(first, inputs, ms);
    const two = await timeAwaited(first === ours ? peer : ours, inputs, ms);
    measured.push(first === ours ? { ours: one, peer: two } : { ours: two, peer: one });
  }
  return outcome(comparison, measured);
}

function outcome<Input>(
  { title, input, limit, peer }: Comparison<Input>,
  measured: { ours: number; peer: number }[],
): Outcome {
  return {
    title,
    input,
    limit,
    ratio: median(measured.map((round) => round.ours / round.peer)),
    ours: median(measured.map((round) => round.ours)),
    peer: median(measured.map((round) => round.peer)),
    peerName: peer.name,
  };
}

/** `name@version` of an installed package, for the record. */
export function versionOf(name: string): string {
  // The bench's own packages, then those of the repository; Bun has no findPackageJSON.
  const manifest = ['../node_modules', '../../node_modules']
    .map((folder) => new URL(`${folder}/${name}/package.json`, import.meta.url))
    .find((file) => existsSync(file));
  if (manifest === undefined) throw new Error(`${name} is not installed.`);
  return `${name}@${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
}

/** The outcomes as a Markdown table; `missed` marks what passed its goal. */
export function report(heading: string, outcomes: Outcome[]): string {
  const rows = outcomes.map(({ title, input, ratio, limit, ours, peer, peerName }) => {
    const isKept = record({ what: title, input, beside: peerName, measured: ratio, goal: limit });
    const mark = isKept ? '' : ' missed';
    return `| ${title} | ${input} | ${ratio.toFixed(3)}${mark} | ${limit} | ${format(ours)} | ${format(peer)} | ${peerName} |`;
  });
  return [
    `## ${heading}`,
    '',
    `${process.versions.bun === undefined ? `Node ${process.versions.node}` : `Bun ${process.versions.bun}`}, ${cpus()[0]?.model ?? 'unknown processor'}, one process, one run; ratios of medians.`,
    '',
    '| what | input | ours / peer | goal | ours | peer | beside |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const format = (ns: number) =>
  ns < 1_000
    ? `${ns.toFixed(0)} ns`
    : ns < 1e6
      ? `${(ns / 1e3).toFixed(2)} µs`
      : `${(ns / 1e6).toFixed(2)} ms`;

/** The last result, so that a caller can prove that the work was done. */
export const lastResult = (): unknown => sink;
