// `npm run referee [ENGINE]` leads the browsers of this machine through every sequence, writes what was seen to logs/, and ends
// with 1 where that is neither what the profile of the engine says nor explained: the long run of CI, which only replays the logs.
// `npm run referee ENGINE -- --missing` asks only what is not in its log yet.
// `npm run referee ENGINE TEXT` shows what it does with the sequences whose titles hold the text, and writes nothing.
import { availableParallelism, loadavg } from 'node:os';
import { locate } from '../../tools/setup/parts.mjs';
import { launchChromium } from './engines/chromium.ts';
import { type Browser, type EngineName, engineNames } from './engines/engine.ts';
import { launchFirefox } from './engines/firefox.ts';
import { launchWebKit } from './engines/webkit.ts';
import { judge } from './judge.ts';
import { type Observation, readLog, type WireLog, writeLog } from './log.ts';
import { hostsOf, idOf, numberOf, type Sequence, unfill } from './sequence.ts';
import { sequences } from './sequences.ts';
import { startProxy } from './server.ts';
import { Walk } from './walk.ts';

/** What a browser does in one process for all of its windows is what takes longest, so that there are several browsers. */
const browserCount = 3;
const windows = 9;
/** A window that nothing was heard of for so long is sent on. */
const patienceMs = 15_000;

const launchers: Readonly<Record<EngineName, (path: string, port: number) => Promise<Browser>>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};

/** Leads an engine through these sequences. @param save hears every few seconds of what was seen in full */
async function referee(
  engine: EngineName,
  wanted: readonly Sequence[],
  save: (log: WireLog) => void = () => {},
): Promise<WireLog> {
  const executable = locate(engine);
  if (executable === undefined) throw new Error(`There is no ${engine} on this machine.`);
  const started = Date.now();
  let walk = new Walk([], 0);
  const proxy = await startProxy((request) => walk.answer(request));
  const browsers = await Promise.all(
    Array.from({ length: browserCount }, () => launchers[engine](executable, proxy.port)),
  );
  const [{ version }] = browsers as [Browser];
  const placeOf = (window: number) =>
    [browsers[window % browserCount]!, Math.floor(window / browserCount)] as const;
  const observations = new Map<string, Observation>();
  const log = () => ({ version, at: started, observations });
  try {
    let left = [...wanted];
    for (let attempt = 0, first = 1; attempt < 3 && left.length > 0; attempt++) {
      const done = Promise.withResolvers<void>();
      walk = new Walk(left, windows, first);
      walk.onDone = done.resolve;
      walk.onLeft = (number) => proxy.closeTunnels((host) => numberOf(host) === number);
      const here = walk;
      const observe = (whole: boolean) => {
        for (const [number, { sequence, seen, window }] of here.courses) {
          if (whole && seen.includes(null)) continue;
          const [browser] = placeOf(window);
          observations.set(idOf(sequence), { seen, reasons: reasonsOf(number, seen.length, browser) });
        }
      };
      const timer = setInterval(() => {
        observe(true);
        save(log());
        console.log(`${engine}: ${here.courses.size} of ${left.length} begun`);
        for (const [window, title] of here.stuck(patienceMs)) {
          console.log(`${engine}: window ${window} stands still at ${title}`);
          const [browser, place] = placeOf(window);
          void browser.send(place, here.startUrl(window));
        }
      }, 5_000);
      for (let window = 0; window < windows; window++) {
        const [browser, place] = placeOf(window);
        if (attempt === 0) await browser.open(walk.startUrl(window));
        else await browser.send(place, walk.startUrl(window));
      }
      await done.promise;
      clearInterval(timer);
      first += left.length;
      observe(false);
      save(log());
      left = left.filter((sequence) => observations.get(idOf(sequence))?.seen.includes(null) ?? true);
      console.log(`${engine}: ${observations.size} sequences, ${left.length} with something that never came`);
    }
    const seconds = ((Date.now() - started) / 1_000).toFixed(0);
    const load = `load ${loadavg()[0]!.toFixed(0)} on ${availableParallelism()} processors`;
    console.log(`${version}: ${observations.size} sequences in ${seconds} s, ${load}`);
    return log();
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await proxy.close();
  }
}

/** What the browser said of the steps of one run, without the hosts of that run. */
function reasonsOf(number: number, steps: number, { reasons }: Browser): Observation['reasons'] {
  if (reasons === undefined) return undefined;
  const entries = Array.from(
    { length: steps },
    (_, at) => [at, reasons.get(`${number}/${at}`)] as const,
  ).filter(
    ([, logged]) => logged !== undefined && (logged.set.length > 0 || Object.keys(logged.sent).length > 0),
  );
  return JSON.parse(unfill(JSON.stringify(Object.fromEntries(entries)), hostsOf(number)));
}

/** Says what of an engine's log nothing explains. */
function report(engine: EngineName): void {
  const { judgements, missing } = judge(engine);
  const unexplained = judgements.filter((one) => one.unlike.length > 0 && one.explained === undefined);
  for (const { sequence, unlike } of unexplained)
    console.log(`✗ ${sequence.group}: ${sequence.title}\n  ${unlike.join('\n  ')}`);
  for (const name of missing) console.log(`✗ ${name}: was not asked`);
  console.log(
    `${engine}: ${unexplained.length} unexplained of ${judgements.length}, ${missing.length} missing`,
  );
  if (unexplained.length + missing.length > 0) process.exitCode = 1;
}

const [asked, text] = process.argv.slice(2);
for (const engine of engineNames) {
  if (asked !== undefined && asked !== engine) continue;
  const all = [...sequences.values()];
  if (text === undefined) {
    await referee(engine, all, (log) => writeLog(engine, log));
    report(engine);
  } else if (text === '--missing') {
    const { version, at, observations } = readLog(engine);
    const known = [...observations].filter(([id]) => sequences.has(id));
    const missing = all.filter((sequence) => !observations.has(idOf(sequence)));
    await referee(engine, missing, (added) => {
      if (added.version !== version)
        throw new Error(`The log is of ${version}: run npm run referee ${engine}.`);
      writeLog(engine, { version, at, observations: new Map([...known, ...added.observations]) });
    });
  } else {
    const some = all.filter(({ group, title }) => `${group}: ${title}`.includes(text));
    for (const [id, seen] of (await referee(engine, some)).observations) console.log(id, seen);
  }
}
