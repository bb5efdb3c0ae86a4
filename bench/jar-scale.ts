// `node --expose-gc --max-old-space-size=8192 bench/jar-scale.ts`, after a build: a jar of up to 1,000,000 cookies, ten to a host.
import { CookieJar } from 'hallpass/jar';
import {
  type AnyJar,
  filled,
  hostUrl,
  line,
  ourJar,
  peer,
  reading,
  toughJar,
  unlimited,
} from './jar/jars.ts';
import { compare, median } from './shared/ratio.ts';
import { goalNote, record } from './shared/rows.ts';

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const heap = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/**
 * A jar of so many cookies, and what filling it took: µs of processor time and octets of heap, a cookie. Small ones are filled
 * often, since what a process compiles meanwhile is as much heap as a thousand cookies.
 */
function fill<Jar extends AnyJar>(make: () => Jar, size: number) {
  const copies = Math.max(1, 50_000 / size);
  const [before, start] = [heap(), cpu()];
  const jars = Array.from({ length: copies }, make);
  for (const jar of jars) filled(jar, size);
  const took = (cpu() - start) / size / copies;
  return { jar: jars[0] as Jar, took, bytes: (heap() - before) / size / jars.length };
}

/** µs of processor time of one set that changes a cookie, all over a jar of `size`. @throws Error where one has left a cookie as it was */
function setting(jar: AnyJar, size: number): number {
  const sets = Array.from({ length: 20_000 }, (_, at) => {
    const cookie = (at * 7_919) % size;
    // Its name is by the seed's last digit: the same cookie, with a value that was never there.
    return { line: line(cookie + 10_000_000 + 10 * at), url: hostUrl(Math.floor(cookie / 10)) };
  });
  const start = cpu();
  for (const { line, url } of sets) jar.set(line, url);
  const took = (cpu() - start) / sets.length;
  for (const { line, url } of sets.slice(-64)) {
    const [pair = ''] = line.split(';');
    if (!jar.header(url).split('; ').includes(pair))
      throw new Error(`set, an update: ${pair} is not in the jar.`);
  }
  return took;
}

console.log(`## A jar of up to 1,000,000 cookies

| cookies | Cookie header, ours / peer | ours | peer | filled, ours / peer, µs a cookie | set, ours / peer, µs | heap a cookie, ours / peer |
| --- | --- | --- | --- | --- | --- | --- |`);
const reads: number[] = [];
for (const size of sizes) {
  const input = `${size.toLocaleString('en')} cookies`;
  const ours = fill(ourJar, size);
  const theirs = fill(toughJar, size);
  const outcome = compare(reading(`Cookie header out of ${input}`, 0.15, ours.jar, theirs.jar, size / 10));
  const [set, theirSet] = [setting(ours.jar, size), setting(theirs.jar, size)];
  reads.push(outcome.ours);
  record({ what: 'Cookie header', input, beside: peer, measured: outcome.ratio, goal: 0.15 });
  record({ what: 'set, an update', input, beside: peer, measured: set / theirSet, goal: 1 });
  record({ what: 'heap a cookie', input, beside: peer, measured: ours.bytes / theirs.bytes, goal: 1 });
  const two = (one: number, other: number, digits: number) =>
    `${one.toFixed(digits)} / ${other.toFixed(digits)}`;
  const micro = (ns: number) => `${(ns / 1_000).toFixed(2)} µs`;
  console.log(
    `| ${size.toLocaleString('en')} | ${outcome.ratio.toFixed(3)} | ${micro(outcome.ours)} | ${micro(outcome.peer)} | ${two(ours.took, theirs.took, 1)} | ${two(set, theirSet, 1)} | ${two(ours.bytes, theirs.bytes, 0)} B |`,
  );
}

const flat = Math.max(...reads) / Math.min(...reads);
const growth = { what: 'one read, from 1,000 to 1,000,000 cookies', input: 'pages of many hosts' };
console.log(
  `\n- From 1,000 to 1,000,000 cookies one read changes by a factor of ${flat.toFixed(2)} ${goalNote({ ...growth, beside: 'slowest / quickest', measured: flat, goal: 3 })}.`,
);

const count = 1_000_000;
const { jar } = fill(ourJar, count).jar;
const timed = (step: () => unknown) => {
  const start = cpu();
  step();
  return (cpu() - start) / count;
};
let text = '';
let loaded = 0;
const save = median([0, 1, 2].map(() => timed(() => (text = JSON.stringify(jar.export())))));
const load = median(
  [0, 1, 2].map(() => timed(() => (loaded = CookieJar.import(JSON.parse(text), { limits: unlimited }).size))),
);
if (loaded !== count) throw new Error(`saved ${count} cookies, loaded ${loaded}`);
const both = (what: string, measured: number) => {
  const row = { what, input: '1,000,000 cookies', beside: 'µs a cookie', measured, goal: 4 };
  return `${measured.toFixed(2)} µs ${goalNote(row)}`;
};
console.log(
  `- 1,000,000 cookies: saved in ${both('a jar saved', save)} and loaded in ${both('a jar loaded', load)} a cookie.`,
);
