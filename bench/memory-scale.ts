// `node --expose-gc --max-old-space-size=8192 bench/memory-scale.ts`, after a build: the memory store with up to 1,000,000
// sessions, and how long the garbage collector holds the program meanwhile, beside a Map of JSON texts.
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { checkInputs } from './shared/fair-inputs.ts';
import { token } from './shared/inputs.ts';

import { goalNote, record } from './shared/rows.ts';

const sizes = [10_000, 100_000, 1_000_000];
const visits = 200_000;
const note = (at: number) => token(at, 275);
checkInputs({ title: 'sessions in memory', inputs: Array.from({ length: 64 }, (_, at) => note(at)) });

const heap = () => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

interface Timings {
  /** µs of processor time. */
  readonly cpu: number;
  readonly p99: number;
  /** ms that the garbage collector held the program at a time, at the most, and in all. */
  readonly longest: number;
  readonly inAll: number;
}

/** Visits all over the sessions, every tenth of which writes. */
async function visited(
  size: number,
  visit: (at: number, writes: boolean) => Promise<unknown>,
): Promise<Timings> {
  const pauses: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.push(duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  const times = new Float64Array(visits);
  const start = process.cpuUsage();
  for (let at = 0; at < visits; at++) {
    const before = performance.now();
    await visit((at * 7_919) % size, at % 10 === 0);
    times[at] = performance.now() - before;
  }
  const { user, system } = process.cpuUsage(start);
  await setImmediate(); // The observer hears of the last pauses.
  await setImmediate();
  observer.disconnect();
  times.sort();
  return {
    cpu: (user + system) / visits,
    p99: (times[Math.floor(visits * 0.99)] ?? 0) * 1_000,
    longest: Math.max(0, ...pauses),
    inAll: pauses.reduce((sum, pause) => sum + pause, 0),
  };
}

async function ours(size: number) {
  const before = heap();
  const sessions = createSessions<{ note: string; count: number }>({
    store: memoryStore({ maxRows: size + 1 }),
  });
  const cookies: string[] = [];
  for (let at = 0; at < size; at++) {
    const session = await sessions.open(null);
    session.set('note', note(at));
    const [line = ''] = await sessions.commit(session);
    cookies.push(line.slice(0, line.indexOf(';')));
  }
  // The cookies are the visitors' own; each has one sliced text of the line behind it.
  const own = cookies.length === 0 ? 0 : octetsOf(() => cookies.map((cookie) => `${cookie};`.slice(0, -1)));
  const bytes = (heap() - before - own) / size;
  const visit = async (at: number, writes: boolean) => {
    const session = await sessions.open(cookies[at]);
    session.get('note');
    if (writes) session.set('count', at);
    return sessions.commit(session);
  };
  return { bytes, ...(await visited(size, visit)) };
}

/** What a program would write first: a Map of JSON texts, in which nothing ends and nothing is checked. */
async function naive(size: number) {
  const before = heap();
  const rows = new Map<string, string>();
  const ids = Array.from({ length: size }, (_, at) => token(at, 22));
  const own = octetsOf(() => ids.map((id) => `${id};`.slice(0, -1)));
  for (const [at, id] of ids.entries())
    rows.set(id, JSON.stringify({ note: note(at), count: 0, at: Date.now() }));
  const bytes = (heap() - before - own) / size;
  const visit = async (at: number, writes: boolean) => {
    const id = ids[at] ?? '';
    const session = JSON.parse(rows.get(id) ?? '{}');
    if (writes) rows.set(id, JSON.stringify({ ...session, count: at }));
  };
  return { bytes, ...(await visited(size, visit)) };
}

/** Octets of heap of what is made. */
function octetsOf(make: () => unknown): number {
  const before = heap();
  const made = make();
  const octets = heap() - before;
  return made === undefined ? 0 : octets;
}

console.log(`## The memory store with up to 1,000,000 sessions of 300 bytes

${visits.toLocaleString('en')} visits each, every tenth of which writes.

| sessions | heap a session | µs of processor time a visit | p99 of a visit, µs | longest pause of the garbage collector, ms | its pauses in all, ms |
| --- | --- | --- | --- | --- | --- |`);
const line = (title: string, { bytes, cpu, p99, longest, inAll }: Awaited<ReturnType<typeof ours>>) =>
  console.log(
    `| ${title} | ${bytes.toFixed(0)} B | ${cpu.toFixed(2)} | ${p99.toFixed(1)} | ${longest.toFixed(1)} | ${inAll.toFixed(0)} |`,
  );
const costs: number[] = [];
for (const size of sizes) {
  const input = `${size.toLocaleString('en')} sessions`;
  const mine = await ours(size);
  const theirs = await naive(size);
  line(`${input}, hallpass`, mine);
  line(`${input}, a Map of JSON texts`, theirs);
  costs.push(mine.cpu);
  record({ what: 'heap of a session in memoryStore', input, beside: 'B', measured: mine.bytes, goal: 800 });
  const pause = { what: 'longest pause of the garbage collector', input, beside: 'a Map of JSON texts' };
  record({ ...pause, measured: mine.longest / Math.max(theirs.longest, 1), goal: 2 });
}
const growth = Math.max(...costs) / Math.min(...costs);
const row = { what: 'one visit, from 10,000 to 1,000,000 sessions', input: 'nine reads, one write' };
console.log(
  `\n- From 10,000 to 1,000,000 sessions one visit changes by a factor of ${growth.toFixed(2)} ${goalNote({ ...row, beside: 'slowest / quickest', measured: growth, goal: 3 })}.`,
);
