import { setImmediate as turn } from 'node:timers/promises';
import {
  bareFetch,
  bareFetchWithHeaders,
  bareUndici,
  bareUndiciWithHeaders,
  cookieLines,
  type HttpContender,
  oursOverFetch,
  oursOverUndici,
  peers,
} from './client/contenders.ts';
import { memoryNote } from './client/memory.ts';
import { type Origin, startOrigin } from './client/origin.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { token } from './shared/inputs.ts';
import { median } from './shared/ratio.ts';
import { record } from './shared/rows.ts';

/** One situation: which contenders meet, what they get, and how many requests are under way at a time. */
interface Race {
  readonly title: string;
  /** Asked for in turns. */
  readonly urls: readonly string[];
  readonly inFlight: number;
  /** The first one is what the others are measured by; the second one is ours. */
  readonly contenders: HttpContender[];
  /** How fast ours has to be, as a share of the first one's speed. It also has to be ahead of every peer that has a jar. */
  readonly goal: number;
}

interface Lap {
  readonly perSecond: number;
  /** Microseconds of processor time of this process for one call. */
  readonly cpu: number;
}

/** Keeps `inFlight` calls under way until this process has had `ms` of processor time: as many calls as on a machine that does nothing else. */
async function lap(
  { get }: HttpContender,
  urls: readonly string[],
  inFlight: number,
  ms: number,
): Promise<Lap> {
  let calls = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  let isOver = false;
  const runner = async () => {
    while (!isOver) {
      const url = urls[calls++ % urls.length] as string;
      if ((await get(url)) !== 1024) throw new Error('not the whole body');
      if (calls % 16 === 0) isOver = microseconds(process.cpuUsage(cpu)) >= ms * 1_000;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, runner));
  const took = performance.now() - start;
  return { perSecond: (calls * 1000) / took, cpu: microseconds(process.cpuUsage(cpu)) / calls };
}

const microseconds = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** Laps that nobody counts: until the runtime has compiled what is hot, and every connection stands. */
const warmUp = 6;

/**
 * Every contender once a round, each round beginning with another; speeds are compared within the round. `by CPU` is the speed as
 * processor time of this process tells it, in the lap of each that other work on the machine has spoilt least.
 */
async function run(race: Race, origin: Origin, rounds: number, ms: number): Promise<string> {
  const { contenders, urls, inFlight, title, goal } = race;
  checkInputs({ title, inputs: urls });
  const opened: number[] = [];
  for (const contender of contenders) {
    for (let i = 0; i < warmUp; i++) {
      await origin.connections();
      await lap(contender, urls, inFlight, ms);
    }
    opened.push(await origin.connections());
  }
  const laps: Lap[][] = [];
  for (let round = 0; round < rounds; round++) {
    const row: Lap[] = [];
    for (let i = 0; i < contenders.length; i++) {
      const at = (i + round) % contenders.length;
      await turn();
      row[at] = await lap(contenders[at] as HttpContender, urls, inFlight, ms);
    }
    laps.push(row);
  }
  const column = (read: (row: Lap[]) => number) => median(laps.map(read));
  const speeds = contenders.map((_, at) =>
    column((row) => (row[at] as Lap).perSecond / (row[0] as Lap).perSecond),
  );
  const [, ours = 0] = speeds;
  const beside = contenders[0]?.name ?? '';
  const isKept = record({ what: title, input: '64 URLs', beside, measured: ours, goal, atLeast: true });
  const rows = contenders.map(({ name, jar }, at) => {
    const speed = speeds[at] as number;
    const isPeer = jar && !name.startsWith('hallpass');
    const share = column((row) => (row[1] as Lap).perSecond / (row[at] as Lap).perSecond);
    const isAhead =
      isPeer &&
      !record({ what: title, input: '64 URLs', beside: name, measured: share, goal: 1, atLeast: true });
    const perSecond = column((row) => (row[at] as Lap).perSecond);
    const least = (of: number) => Math.min(...laps.map((row) => (row[of] as Lap).cpu));
    const cpu = least(at);
    const work = least(0) / cpu;
    const mark = at === 1 ? ` (goal ${goal}${isKept ? '' : ', missed'})` : isAhead ? ' (ahead)' : '';
    return `| ${name} | ${speed.toFixed(2)}${mark} | ${work.toFixed(2)} | ${perSecond.toFixed(0)} | ${cpu.toFixed(0)} | ${opened[at]} |`;
  });
  return [
    `### ${title}`,
    '',
    '| client | speed | by CPU | calls/s | CPU µs a call | new connections in a lap |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** `node bench/client.ts [rounds] [ms] [text of the titles] [calls of the memory rows]` */
const [rounds = '11', ms = '150', only = '', calls = '100000'] = process.argv.slice(2);
const origin = await startOrigin();
const page = `${origin.url}/page`;
const queries = Array.from({ length: 64 }, (_, i) => `?page=${token(i, 8)}`);
const pages = queries.map((query) => page + query);
const hops = queries.map((query) => `${origin.url}/hops/5${query}`);
const few = cookieLines(20, page, true);
const many = cookieLines(1000, page, false);

const overUndici = (
  title: string,
  urls: readonly string[],
  inFlight: number,
  lines: typeof few,
  goal: number,
): Race => ({
  title,
  urls,
  inFlight,
  goal,
  contenders: [
    bareUndici(urls === hops ? 5 : 0),
    oursOverUndici(origin.url, lines),
    ...(urls === hops ? [] : [bareUndiciWithHeaders(lines)]),
    ...peers(lines),
  ],
});
const byDefault = (title: string, inFlight: number, goal: number): Race => ({
  title,
  urls: pages,
  inFlight,
  goal,
  contenders: [bareFetch(), oursOverFetch(origin.url, few), bareFetchWithHeaders(few), ...peers(few)],
});
const races = [
  byDefault('default transport: one at a time, 20 cookies', 1, 1.2),
  byDefault('default transport: 50 in flight, 20 cookies', 50, 1.5),
  overUndici('undici transport: one at a time, 20 cookies', pages, 1, few, 0.95),
  overUndici('undici transport: 50 in flight, 20 cookies', pages, 50, few, 0.9),
  overUndici('undici transport: one at a time, 1,000 cookies', pages, 1, many, 0.95),
  overUndici('undici transport: 50 in flight, 1,000 cookies', pages, 50, many, 0.9),
  overUndici('undici transport: five hops, 1,000 cookies', hops, 1, many, 0.95),
];

console.log(
  `## HTTP clients: Node ${process.versions.node}, 1 KB answers of a loopback server in another process\n`,
);
for (const race of races) {
  if (race.title.includes(only)) console.log(await run(race, origin, Number(rounds), Number(ms)));
}
for (const contender of [oursOverFetch(origin.url, few), oursOverUndici(origin.url, few)]) {
  if ('memory'.includes(only)) console.log(await memoryNote(contender, `${page}?page=0`, Number(calls)));
}
// The server ends with this process. No `await using`, which Node 22 cannot read.
process.exit();
