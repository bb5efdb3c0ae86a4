import { setTimeout as delay } from 'node:timers/promises';
import { startTcpProxy } from '../../tools/test/tcp-proxy.ts';
import { AppProcess } from './app-process.ts';
import { type Backend, type BackendName, backends } from './backends.ts';
import { Browser } from './browser.ts';
import { Connection } from './connection.ts';
import type { Ledger } from './ledger.ts';
import { Traffic, type TrafficCounts } from './traffic.ts';

export interface Load {
  readonly backend: BackendName;
  readonly processes: number;
  /** Of each process. Four of them are the tabs of one browser. */
  readonly connections: number;
  readonly seconds: number;
  /** Settings of the store's server beside its own. */
  readonly settings?: Record<string, string>;
  /** How long the app waits for the store, and how long after an outage it may still refuse, in seconds. */
  readonly patience?: number;
  /** True: clocks differ by seconds, processes are stopped for a while, and the network to the server is slow and cuts answers. */
  readonly chaos?: boolean;
  /** Called now and then with how far it has come. */
  readonly onProgress?: (line: string) => void;
}

/** What a load came to. */
export interface Outcome extends Load, TrafficCounts {
  readonly ledger: Ledger;
  /** Sessions that lived at the end and were looked up in the store. */
  readonly found: number;
}

const tabs = 4;
/** In ms. */
const progressEvery = 10_000;
const ordinaryPatience = 2;

/**
 * Runs a load: one process of the app is killed after a third of the time, the store's server after a half. In chaos a killed
 * process comes back, others are killed again and again, and the server is killed a second time.
 */
export async function run(load: Load): Promise<Outcome> {
  const { backend, seconds, settings, patience = ordinaryPatience, chaos = false, onProgress } = load;
  await using started = await (backends[backend] as Backend).start(settings);
  await using network = await networkTo(chaos ? started.ports : []);
  const url = started.url(chaos ? network.ports : started.ports);
  const apps = Array.from({ length: load.processes }, (_, index) => {
    const skew = chaos ? (skews[index % skews.length] ?? 0) : 0;
    return new AppProcess({ backend, url, patience, skew });
  });
  const killAll = () => {
    for (const app of apps) app.kill();
  };
  // One that stands still notices nothing by itself.
  process.once('exit', killAll);
  try {
    for (const app of apps) await app.start();
    const traffic = new Traffic(apps);
    const browsers = Array.from(
      { length: Math.ceil((load.processes * load.connections) / tabs) },
      (_, number) => new Browser(number, traffic),
    );
    const running = browsers.flatMap((browser) =>
      Array.from({ length: tabs }, (_, tab) => browser.runTab(tab)),
    );
    const begun = performance.now();
    const telling = setInterval(() => {
      onProgress?.(`${Math.round((performance.now() - begun) / 1_000)} of ${seconds} s: ${traffic.progress}`);
    }, progressEvery);
    const third = (seconds * 1_000) / 3;
    const ending = new AbortController();
    const disturbing = chaos ? traffic.disturb(network.proxies, ending.signal) : undefined;
    const breakStore = async () => {
      if (started.server !== undefined) await traffic.breakStore(started.server, third / 10, patience);
    };
    await delay(third);
    if (chaos) await breakStore();
    else traffic.killOne();
    await delay(third / 2);
    await breakStore();
    await delay(third);
    ending.abort();
    await disturbing;
    traffic.stopped = true;
    await Promise.all(running);
    clearInterval(telling);
    const found = await verify(load, started.url(started.ports), traffic, browsers);
    return { ...load, ...traffic.counts(), ledger: traffic.ledger, found };
  } finally {
    process.off('exit', killAll);
    killAll();
  }
}

/** By how many ms the clocks of processes differ: well within the grace of a rotation. */
const skews = [0, 3_000, -3_000, 1_500];

/** A network to the server of a store that can go wrong, with a proxy before each of its ports. */
async function networkTo(targets: readonly number[]) {
  const proxies = await Promise.all(targets.map(startTcpProxy));
  return {
    proxies,
    ports: proxies.map(({ port }) => port),
    async [Symbol.asyncDispose]() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

/** Looks up all that was acknowledged: rows in the store itself, cookies through the app. @returns how many rows lived. */
async function verify(
  load: Load,
  url: string,
  traffic: Traffic,
  browsers: readonly Browser[],
): Promise<number> {
  const { ledger } = traffic;
  await using store = await (backends[load.backend] as Backend).connect(url);
  let found = 0;
  for (const row of ledger.rows.values()) {
    if (row.state === 'unknown') continue;
    const record = await store.read(row.selector, { now: Date.now() });
    if (row.state === 'ended') {
      if (typeof record === 'object') ledger.blame('resurrected', `${row.selector} was ended, and is there`);
    } else if (typeof record !== 'object') {
      ledger.blame('lost', `${row.selector} is not there`);
    } else {
      found += 1;
      const data = Object.entries(record.data).map(([key, text]) => [key, JSON.parse(text)]);
      ledger.check(row, ledger.promised(row), Object.fromEntries(data));
    }
  }
  const connection = new Connection();
  const userOf = async (cookie: string) => {
    const answer = await connection.call(traffic.portNear(1), 'GET', '/read', cookie);
    if (answer.outcome !== 'answered' || answer.status !== 200) return 'not to be known';
    return answer.body.user;
  };
  for (const { cookie, row } of ledger.dead) {
    if ((await userOf(cookie)) !== undefined)
      ledger.blame('resurrected', `a dead cookie of ${row.selector} is let in after all`);
  }
  for (const { cookie, user } of browsers) {
    if (cookie?.state === 'good' && (await userOf(cookie.cookie)) !== user)
      ledger.blame('signed out', `${user} is signed out after all`);
  }
  connection.close();
  return found;
}
