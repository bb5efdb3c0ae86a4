// `node --expose-gc bench/jar.ts`, after a build: the jar, beside tough-cookie.
import { createClient, traceOf } from 'hallpass/client';
import { CookieJar } from 'hallpass/jar';
import {
  type AnyJar,
  filled,
  hostUrl,
  line,
  ourJar,
  peer,
  reading,
  readingAfterSet,
  readingFirst,
  toughJar,
} from './jar/jars.ts';
import type { Comparison, Contender } from './shared/comparison.ts';
import { setCookieGenerations } from './shared/corpus.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { many, token } from './shared/inputs.ts';
import { compare, median, type Outcome, report } from './shared/ratio.ts';
import { goalNote } from './shared/rows.ts';

/** `count` cookies on one host, of which `matching` match a request by their path. */
function crowded(jar: AnyJar, count: number, matching: number): AnyJar {
  for (let at = 0; at < count; at++) {
    const path = at < matching ? '/' : `/elsewhere/${at}`;
    jar.set(`cookie_${at}=${token(at, 30)}; Path=${path}; Secure`, hostUrl(0));
  }
  return jar;
}

/** Each line comes from a host that may set it. */
function answered(line: string, at: number): Answer {
  const domain = /domain=\.?([^;]*)/i.exec(line)?.[1] ?? `host${at % 64}.example`;
  return { line, url: `https://${domain.split('.').length > 2 ? '' : 'www.'}${domain}/app/checkout` };
}

interface Answer {
  readonly line: string;
  readonly url: string;
}

/** The values go round, so that a lap may end with those that stood there before it: each begins with one that no line has. */
const setting = (jar: AnyJar): Omit<Contender<Answer>, 'name'> => ({
  run: ({ line, url }) => jar.set(line, url),
  readBack: ({ url }) => jar.header(url),
  spoil: ({ line, url }) => jar.set(line.replace(/=[^;]*/, '=of no line'), url),
});

function writing(): Comparison<Answer> {
  const [ours, theirs] = [filled(ourJar(), 1_000), filled(toughJar(), 1_000)];
  return {
    title: 'set, mostly updates (`jar.set`)',
    input: 'corpus, values that change',
    inputs: setCookieGenerations.flatMap((lines) => lines.map(answered)),
    limit: 0.35,
    ours: { name: 'jar.set', ...setting(ours) },
    peer: { name: `${peer} setCookieSync`, ...setting(theirs) },
  };
}

/** The jar, beside tough-cookie: comparisons, and in words what is no comparison of two calls. */
async function measured(): Promise<{ outcomes: Outcome[]; notes: string[] }> {
  const sizes = [10, 1_000, 100_000];
  const reads = sizes.map((size) => {
    const title = `Cookie header out of ${size.toLocaleString('en')} cookies`;
    return compare(reading(title, 0.15, filled(ourJar(), size), filled(toughJar(), size), size / 10));
  });
  const crowds = [
    { title: 'the same, 3,000 cookies on one host, all match', matching: 3_000 },
    { title: 'the same, 3,000 on one host, 10 match by path', matching: 10 },
  ].map(({ title, matching }) => {
    const [ours, theirs] = [ourJar(), toughJar()].map((jar) => crowded(jar, 3_000, matching));
    return compare(reading(title, 0.06, ours as AnyJar, theirs as AnyJar, 1));
  });
  const afterSet = 'one of its cookies set before each read';
  const written = [
    ...[10, 1_000].map((size) => {
      const title = `Cookie header out of ${size.toLocaleString('en')} cookies, ${afterSet}`;
      return readingAfterSet(title, 0.5, filled(ourJar(), size), filled(toughJar(), size), size / 10);
    }),
    ...[
      { title: `3,000 cookies on one host, all match, ${afterSet}`, matching: 3_000 },
      { title: `3,000 on one host, 10 match by path, ${afterSet}`, matching: 10 },
    ].map(({ title, matching }) => {
      const [ours, theirs] = [ourJar(), toughJar()].map((jar) => crowded(jar, 3_000, matching));
      return readingAfterSet(title, 1, ours as AnyJar, theirs as AnyJar, 1);
    }),
  ].map((row) => compare(row));
  const first = readingFirst('Cookie header of a host asked for the first time', 0.5);
  const times = reads.map((outcome) => outcome.ours);
  const flat = Math.max(...times) / Math.min(...times);
  return {
    outcomes: [...reads, ...crowds, ...written, first, compare(writing())],
    notes: [
      `From 10 to 100,000 cookies one read changes by a factor of ${flat.toFixed(2)} ${goalNote({ what: 'one read, from 10 to 100,000 cookies', input: 'pages of many hosts', beside: 'slowest / quickest', measured: flat, goal: 1.5 })}.`,
      ...beyondNotes(),
      heapNote(),
      await traceNote(),
    ],
  };
}

/** Sets beyond the limits, each of a new cookie, so that another has to go. tough-cookie has no limits: it only grows. */
function beyondNotes(): string[] {
  const unlimited = Number.POSITIVE_INFINITY;
  const rows: [string, { maxPerSite?: number }, (at: number) => string][] = [
    ["at a site's limit of 180, one host", {}, () => hostUrl(0)],
    ["at a site's limit of 180, 400 hosts", {}, (at) => `https://host${at % 400}.example.com/some/page`],
    ["at the jar's limit of 3,000, ten cookies a host", {}, (at) => hostUrl(Math.floor(at / 10))],
    ["at the jar's limit of 3,000, one host", { maxPerSite: unlimited }, () => hostUrl(0)],
  ];
  const count = 20_000;
  const lineOf = (at: number) => `new_${at}=${token(at, 30)}; Path=/; Secure`;
  return rows.map(([title, limits, urlOf]) => {
    checkInputs({ title: `a set ${title}`, inputs: many(lineOf) });
    const microseconds = (jar: Pick<AnyJar, 'set'>, filled: number) => {
      const set = (at: number) => jar.set(lineOf(at), urlOf(at));
      for (let at = 0; at < filled; at++) set(at);
      return median(
        [0, 1, 2, 3, 4].map((round) => {
          const first = filled + round * count;
          const start = process.cpuUsage();
          for (let at = first; at < first + count; at++) set(at);
          const { user, system } = process.cpuUsage(start);
          return (user + system) / count;
        }),
      );
    };
    const ours = microseconds(new CookieJar({ limits }), 4_000);
    const theirs = microseconds(toughJar(), 0);
    return `A set ${title}: ${ours.toFixed(2)} µs ${goalNote({ what: `a set ${title}`, input: 'new cookies', beside: 'µs', measured: ours, goal: 6 })}, ${peer} without any limit ${theirs.toFixed(2)} µs.`;
  });
}

function heapNote(): string {
  const bytes = (make: () => AnyJar) => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const jar = filled(make(), 100_000);
    globalThis.gc?.();
    return (process.memoryUsage().heapUsed - before) / 100_000 + 0 * jar.header(hostUrl(0)).length;
  };
  if (globalThis.gc === undefined) return 'Heap a cookie: not measured; run with --expose-gc.';
  const [ours, theirs] = [bytes(ourJar), bytes(toughJar)];
  return `Heap a cookie at 100,000: ${ours.toFixed(0)} B ${goalNote({ what: 'heap a cookie', input: '100,000 cookies', beside: 'B', measured: ours, goal: 400 })}, ${peer} ${theirs.toFixed(0)} B.`;
}

/** The trace of one call, read as JSON, by a client whose jar is full of other sites' cookies. */
async function traceNote(): Promise<string> {
  const { jar } = filled(ourJar(), 100_000) as ReturnType<typeof ourJar>;
  const url = 'https://shop.example.org/cart';
  for (let at = 0; at < 5; at++) jar.set(line(at), url);
  const client = createClient({ jar, transport: async () => new Response() });
  const times: number[] = [];
  let bytes = 0;
  for (let call = 0; call < 101; call++) {
    jar.set(`cookie_0=${token(call, 30)}; Path=/; Secure`, url);
    const trace = traceOf(await client.fetch(url));
    const start = performance.now();
    const json = JSON.stringify(trace);
    times.push(performance.now() - start);
    bytes = Buffer.byteLength(json);
  }
  const [first = 0] = times;
  return `The trace of one call beside 100,000 cookies of other sites: ${median(times).toFixed(3)} ms ${goalNote({ what: 'the trace of one call', input: '100,000 cookies of other sites', beside: 'ms', measured: median(times), goal: 1 })}, the first ${first.toFixed(2)} ms; ${bytes} B of JSON ${goalNote({ what: 'the trace of one call as JSON', input: '100,000 cookies of other sites', beside: 'B', measured: bytes, goal: 4096 })}.`;
}

const { outcomes, notes } = await measured();
console.log(report('The jar', outcomes));
console.log(`${notes.map((note) => `- ${note}`).join('\n')}\n`);
