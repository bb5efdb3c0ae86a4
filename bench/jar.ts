// `node --expose-gc bench/jar.ts`, after a build: the jar, beside tough-cookie.
import { createClient, traceOf } from 'hallpass/client';
import { CookieJar } from 'hallpass/jar';
import { CookieJar as ToughJar } from 'tough-cookie';
import { setCookieLines } from './shared/corpus.ts';
import { token } from './shared/inputs.ts';
import {
  type Comparison,
  compare,
  limitNote,
  median,
  type Outcome,
  report,
  versionOf,
} from './shared/ratio.ts';

const peer = versionOf('tough-cookie');
const limits = { maxPerSite: Number.POSITIVE_INFINITY, maxCookies: Number.POSITIVE_INFINITY };

/** What the bench asks of either jar. */
interface AnyJar {
  set(line: string, url: string): unknown;
  header(url: string): string;
}

function ourJar(): AnyJar & { jar: CookieJar } {
  const jar = new CookieJar({ limits });
  return { jar, set: (line, url) => jar.set(line, url), header: (url) => jar.header(url) };
}

function toughJar(): AnyJar & { jar: ToughJar } {
  const jar = new ToughJar();
  return {
    jar,
    set: (line, url) => jar.setCookieSync(line, url),
    header: (url) => jar.getCookieStringSync(url),
  };
}

const hostUrl = (host: number) => `https://host${host}.example-${host % 97}.com/some/page`;
const line = (seed: number) =>
  `cookie_${seed % 10}=${token(seed, 30)}; Path=/; Secure; HttpOnly; Max-Age=86400`;

/** `count` cookies, ten to a host. */
function filled(jar: AnyJar, count: number): AnyJar {
  for (let at = 0; at < count; at++) jar.set(line(at), hostUrl(Math.floor(at / 10)));
  return jar;
}

/** `count` cookies on one host, of which `matching` match a request by their path. */
function crowded(jar: AnyJar, count: number, matching: number): AnyJar {
  for (let at = 0; at < count; at++) {
    const path = at < matching ? '/' : `/elsewhere/${at}`;
    jar.set(`cookie_${at}=${token(at, 30)}; Path=${path}; Secure`, hostUrl(0));
  }
  return jar;
}

function reading(
  title: string,
  limit: number,
  fill: (jar: AnyJar) => AnyJar,
  hosts: number,
): Comparison<string> {
  const [ours, theirs] = [fill(ourJar()), fill(toughJar())];
  const urls = Array.from({ length: 64 }, (_, at) => `${hostUrl((at * 7919) % hosts)}/${at}`);
  if (ours.header(urls[1] ?? '') !== theirs.header(urls[1] ?? ''))
    throw new Error(`${title}: the jars disagree`);
  return {
    title,
    input: hosts === 1 ? 'pages of one host' : 'pages of many hosts',
    inputs: urls,
    limit,
    ours: { name: 'jar.header', run: (url) => ours.header(url) },
    peer: { name: `${peer} getCookieStringSync`, run: (url) => theirs.header(url) },
  };
}

/** Each line comes from a host that may set it. */
function answered(line: string, at: number): { line: string; url: string } {
  const domain = /domain=\.?([^;]*)/i.exec(line)?.[1] ?? `host${at % 64}.example`;
  return { line, url: `https://${domain.split('.').length > 2 ? '' : 'www.'}${domain}/app/checkout` };
}

function writing(): Comparison<{ line: string; url: string }> {
  const [ours, theirs] = [filled(ourJar(), 1_000), filled(toughJar(), 1_000)];
  return {
    title: 'set, mostly updates (`jar.set`)',
    input: 'corpus',
    inputs: setCookieLines.map(answered),
    limit: 0.35,
    ours: { name: 'jar.set', run: ({ line, url }) => ours.set(line, url) },
    peer: { name: `${peer} setCookieSync`, run: ({ line, url }) => theirs.set(line, url) },
  };
}

/** The jar, beside tough-cookie: comparisons, and in words what is no comparison of two calls. */
async function measured(): Promise<{ outcomes: Outcome[]; notes: string[] }> {
  const sizes = [10, 1_000, 100_000];
  const reads = sizes.map((size) => {
    const title = `Cookie header out of ${size.toLocaleString('en')} cookies`;
    return compare(reading(title, 0.15, (jar) => filled(jar, size), size / 10));
  });
  const crowds = [
    compare(
      reading('the same, 3,000 cookies on one host, all match', 0.06, (jar) => crowded(jar, 3_000, 3_000), 1),
    ),
    compare(
      reading('the same, 3,000 on one host, 10 match by path', 0.06, (jar) => crowded(jar, 3_000, 10), 1),
    ),
  ];
  const times = reads.map((outcome) => outcome.ours);
  const flat = Math.max(...times) / Math.min(...times);
  return {
    outcomes: [...reads, ...crowds, compare(writing())],
    notes: [
      `From 10 to 100,000 cookies one read changes by a factor of ${flat.toFixed(2)} ${limitNote(flat, 1.5)}.`,
      ...beyondNotes(),
      heapNote(),
      await traceNote(),
      millionNote(),
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
  return rows.map(([title, limits, urlOf]) => {
    const microseconds = (jar: Pick<AnyJar, 'set'>, filled: number) => {
      const set = (at: number) => jar.set(`new_${at}=${token(at, 30)}; Path=/; Secure`, urlOf(at));
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
    return `A set ${title}: ${ours.toFixed(2)} µs ${limitNote(ours, 6)}, ${peer} without any limit ${theirs.toFixed(2)} µs.`;
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
  return `Heap a cookie at 100,000: ${ours.toFixed(0)} B ${limitNote(ours, 400)}, ${peer} ${theirs.toFixed(0)} B.`;
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
  return `The trace of one call beside 100,000 cookies of other sites: ${median(times).toFixed(3)} ms ${limitNote(median(times), 1)}, the first ${first.toFixed(2)} ms; ${bytes} B of JSON ${limitNote(bytes, 4096)}.`;
}

function millionNote(): string {
  const count = 1_000_000;
  const { jar } = filled(ourJar(), count) as ReturnType<typeof ourJar>;
  const timed = (step: () => unknown) => {
    const start = performance.now();
    step();
    return ((performance.now() - start) * 1_000) / count;
  };
  let text = '';
  const save = median([0, 1, 2].map(() => timed(() => (text = JSON.stringify(jar.export())))));
  let loaded = 0;
  const load = median(
    [0, 1, 2].map(() => timed(() => (loaded = CookieJar.import(JSON.parse(text), { limits }).size))),
  );
  if (loaded !== count) throw new Error(`saved ${count} cookies, loaded ${loaded}`);
  return `1,000,000 cookies: saved in ${save.toFixed(2)} µs and loaded in ${load.toFixed(2)} µs a cookie ${limitNote(Math.max(save, load), 4)}, each way.`;
}

const { outcomes, notes } = await measured();
console.log(report('The jar', outcomes));
console.log(`${notes.map((note) => `- ${note}`).join('\n')}\n`);
