import { availableParallelism, loadavg } from 'node:os';
import { locate } from '../../tools/setup/parts.mjs';
import { launchChromium } from './engines/chromium.ts';
import type { Browser, EngineName } from './engines/engine.ts';
import { launchFirefox } from './engines/firefox.ts';
import { launchWebKit } from './engines/webkit.ts';
import type { Observation, WireLog } from './log.ts';
import { hostsOf, idOf, numberOf, type Sequence, stepsOf, unfill } from './sequence.ts';
import { startProxy } from './server.ts';
import { Walk } from './walk.ts';

/** How a run goes about it. */
export interface RunOptions {
  /** What a browser does in one process for all of its windows is what takes longest, so that there may be several. Default: 3. */
  readonly browsers?: number;
  /** Of all browsers. Default: 9. */
  readonly windows?: number;
  /** Hears every few seconds of what was seen in full. Default: nobody. */
  readonly save?: (log: WireLog) => void;
  /** Is told how far the run is. Default: nobody. */
  readonly print?: (line: string) => void;
}

/** A window that nothing was heard of for so long is sent on. */
const patienceMs = 15_000;

const launchers: Readonly<Record<EngineName, (path: string, port: number) => Promise<Browser>>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebKit,
};

/** Leads an engine of this machine through these sequences, and gives what was seen. */
export async function runEngine(
  engine: EngineName,
  wanted: readonly Sequence[],
  { browsers: browserCount = 3, windows = 9, save = () => {}, print = () => {} }: RunOptions = {},
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
  /** The ids of sequences of which nothing is missing. */
  const whole = new Set<string>();
  const log = () => ({ version, at: started, observations });
  try {
    let left = [...wanted];
    for (let attempt = 0, first = 1; attempt < 3 && left.length > 0; attempt++) {
      const done = Promise.withResolvers<void>();
      walk = new Walk(left, windows, first);
      walk.onDone = done.resolve;
      walk.onLeft = (number) => proxy.closeTunnels((host) => numberOf(host) === number);
      const here = walk;
      const observe = (isOver: boolean) => {
        for (const [number, { sequence, seen, window }] of here.courses) {
          const [id, [browser]] = [idOf(sequence), placeOf(window)];
          const isWhole = !seen.includes(null) && hasSpoken(number, sequence, browser);
          if (isWhole) whole.add(id);
          if (isWhole || isOver)
            observations.set(id, { seen, reasons: reasonsOf(number, seen.length, browser) });
        }
      };
      const timer = setInterval(() => {
        observe(false);
        save(log());
        print(`${engine}: ${here.courses.size} of ${left.length} begun`);
        for (const [window, title] of here.stuck(patienceMs)) {
          print(`${engine}: window ${window} stands still at ${title}`);
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
      observe(true);
      save(log());
      left = left.filter((sequence) => !whole.has(idOf(sequence)));
      print(`${engine}: ${observations.size} sequences, ${left.length} with something that never came`);
    }
    const seconds = ((Date.now() - started) / 1_000).toFixed(0);
    const load = `load ${loadavg()[0]!.toFixed(0)} on ${availableParallelism()} processors`;
    print(`${version}: ${observations.size} sequences in ${seconds} s, ${load}`);
    return log();
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await proxy.close();
  }
}

/** True when a browser that gives reasons has said something of each request, if only that there are none. */
const hasSpoken = (number: number, sequence: Sequence, { reasons }: Browser) =>
  reasons === undefined ||
  stepsOf(sequence).every(({ kind }, at) => kind !== 'request' || reasons.has(`${number}/${at}`));

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
