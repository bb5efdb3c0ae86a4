import { availableParallelism, cpus } from 'node:os';
import type { Comparison, Contender } from './comparison.ts';
import { checkContents, checkContentsAwaited } from './fair-inputs.ts';
import { record } from './rows.ts';

/** Titles of rows that claim to write into something that keeps it. */
const claimsToWrite = /\b(commit|touch|set before|updates)\b/;

/** Which inputs are looked at: every lap has run the first 64, and to read some back may take longer than the lap. */
const looked = [0, 21, 42, 63];

/** What stands where the first inputs of a lap write. @throws TypeError for a row that claims to write and does not say where that is seen */
function written<Input>(
  { title, inputs }: Comparison<Input>,
  { name, readBack }: Contender<Input>,
): unknown[] | undefined {
  if (readBack !== undefined) return looked.map((at) => readBack(inputs[at] as Input));
  if (claimsToWrite.test(title))
    throw new TypeError(`${title}: give ${name} a readBack, by which it is seen to write.`);
  return undefined;
}

/** What stands there when a lap begins. */
function beforeLap<Input>(comparison: Comparison<Input>, contender: Contender<Input>): unknown[] | undefined {
  if (contender.spoil !== undefined) for (const at of looked) contender.spoil(comparison.inputs[at] as Input);
  return written(comparison, contender);
}

/** @throws Error where a lap has left one of the first inputs as it was */
function checkWritten<Input>(
  comparison: Comparison<Input>,
  contender: Contender<Input>,
  before: unknown[] | undefined,
): void {
  if (before === undefined) return;
  const after = written(comparison, contender);
  const idle = before.findIndex((value, at) => value === after?.[at]);
  if (idle >= 0)
    throw new Error(
      `${comparison.title}: ${contender.name} wrote nothing for input ${looked[idle]} in a whole lap.`,
    );
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
function time<Input>(comparison: Comparison<Input>, contender: Contender<Input>, ms: number): number {
  const { inputs } = comparison;
  const before = beforeLap(comparison, contender);
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
  checkWritten(comparison, contender, before);
  return Number(at - start) / operations;
}

/** As {@link time}, for an operation that answers with a promise: each begins when the one before it has ended. */
async function timeAwaited<Input>(
  comparison: Comparison<Input>,
  contender: Contender<Input>,
  ms: number,
): Promise<number> {
  const { inputs } = comparison;
  const before = beforeLap(comparison, contender);
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
  checkWritten(comparison, contender, before);
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
  const { ours, peer } = comparison;
  checkContents(comparison);
  globalThis.gc?.();
  time(comparison, ours, ms);
  time(comparison, peer, ms);
  const measured = Array.from({ length: rounds }, (_, round) => {
    const first = round % 2 === 0 ? ours : peer;
    const one = time(comparison, first, ms);
    const two = time(comparison, first === ours ? peer : ours, ms);
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
  const { ours, peer } = comparison;
  await checkContentsAwaited(comparison);
  await timeAwaited(comparison, ours, 10 * ms);
  await timeAwaited(comparison, peer, 10 * ms);
  const measured: { ours: number; peer: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? ours : peer;
    const one = await timeAwaited(comparison, first, ms);
    const two = await timeAwaited(comparison, first === ours ? peer : ours, ms);
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
