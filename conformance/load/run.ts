import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTcpProxy, type TcpProxy } from '../../tools/test/tcp-proxy.ts';
import { type BackendName, backends, type Started, type StoreServer } from './backends.ts';
import { Browser, type Surroundings } from './browser.ts';
import { type Answer, Connection } from './connection.ts';
import { Ledger } from './ledger.ts';

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
}

/** What a load came to. */
export interface Outcome extends Load {
  readonly ledger: Ledger;
  readonly requests: number;
  /** Sessions that lived at the end and were looked up in the store. */
  readonly found: number;
  readonly errors: number;
  readonly away: number;
  readonly awayOtherwise: number;
  /** How long a request took, in ms, in order. */
  readonly times: readonly number[];
}

interface AppProcess {
  readonly child: ChildProcess;
  readonly port: number;
  alive: boolean;
}

const tabs = 4;
/** In ms: how long a process stands still, and how much later everything arrives on a slow network. */
const pause = 200;
const slowness = 15;
const ordinaryPatience = 2;

/** Runs a load: one process of the app is killed after a third of the time, the store's server after a half. */
export async function run(load: Load): Promise<Outcome> {
  const { backend, seconds, settings, patience = ordinaryPatience, chaos = false } = load;
  await using started = await backends[backend].start(settings);
  await using network = await networkTo(chaos ? started : undefined);
  const url = network?.url ?? started.url;
  const apps: AppProcess[] = [];
  for (let index = 0; index < load.processes; index += 1)
    apps.push(await startApp(backend, url, patience, chaos ? (skews[index % skews.length] ?? 0) : 0));
  try {
    const traffic = new Traffic(apps);
    const browsers = Array.from(
      { length: Math.ceil((load.processes * load.connections) / tabs) },
      (_, number) => new Browser(number, traffic),
    );
    const running = browsers.flatMap((browser) =>
      Array.from({ length: tabs }, (_, tab) => browser.runTab(tab)),
    );
    const third = (seconds * 1_000) / 3;
    const ending = new AbortController();
    const disturbing = chaos ? traffic.disturb(network?.proxy, ending.signal) : undefined;
    await delay(third);
    await traffic.killOne();
    await delay(third / 2);
    if (started.server !== undefined) await traffic.breakStore(started.server, third / 10, patience);
    await delay(third);
    ending.abort();
    await disturbing;
    traffic.stopped = true;
    await Promise.all(running);
    const found = await verify(load, started.url, traffic, browsers);
    return { ...load, ...traffic.counts(), ledger: traffic.ledger, found };
  } finally {
    for (const { child } of apps) child.kill('SIGKILL');
  }
}

/** By how many ms the clocks of processes differ: well within the grace of a rotation. */
const skews = [0, 3_000, -3_000, 1_500];

/** A network to the server of a store that can go wrong. */
async function networkTo(started: Started | undefined) {
  if (started?.server === undefined) return undefined;
  const url = new URL(started.url);
  const proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  return { url: url.href, proxy, [Symbol.asyncDispose]: proxy.close };
}

async function startApp(
  backend: BackendName,
  url: string,
  patience: number,
  skew: number,
): Promise<AppProcess> {
  const words = [backend, url, `${patience}s`, String(skew)];
  const child = fork(fileURLToPath(new URL('app.ts', import.meta.url)), words, { execArgv: [] });
  const failed = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`The app ended with ${code}.`)),
  );
  const [port] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  return { child, port, alive: true };
}

/** What all browsers together see, and what is done to those who serve them. */
class Traffic implements Surroundings {
  readonly ledger = new Ledger();
  readonly #apps: readonly AppProcess[];
  readonly #times: number[] = [];
  /** When there was a 503: from the request to its answer. */
  readonly #refused: [from: number, to: number][] = [];
  #outage: [from: number, to: number] = [Infinity, Infinity];
  #disturbed = false;
  #requests = 0;
  #errors = 0;
  stopped = false;

  constructor(apps: readonly AppProcess[]) {
    this.#apps = apps;
  }

  portNear(process: number): number {
    const alive = this.#apps.filter((app) => app.alive);
    const near = this.#apps[process % this.#apps.length];
    return (near?.alive ? near : alive[process % alive.length])?.port ?? 0;
  }

  note(answer: Answer, port: number, from: number): void {
    const to = performance.now();
    this.#requests += 1;
    if (answer.outcome === 'answered') {
      this.#times.push(to - from);
      if (answer.status === 503) this.#refused.push([from, to]);
      else if (answer.status >= 500) {
        this.#errors += 1;
        this.ledger.blame('refused', `an answer was ${answer.status}`);
      }
    } else if (this.#apps.some((app) => app.port === port && app.alive)) {
      this.ledger.blame('broken', `a connection to a process that lives was ${answer.outcome}`);
    }
  }

  async killOne(): Promise<void> {
    const [first] = this.#apps;
    if (first === undefined || this.#apps.length < 2) return;
    first.alive = false;
    first.child.kill('SIGKILL');
  }

  /** Kills the store's server and starts it again, once somebody has noticed. */
  async breakStore(server: StoreServer, ms: number, patience: number): Promise<void> {
    this.#outage = [performance.now(), Infinity];
    await server.kill();
    await delay(ms);
    while (this.#refused.length === 0) await delay(5);
    await server.restart();
    this.#outage[1] = performance.now() + patience * 1_000;
  }

  /** Stops processes for a while, makes the network slow, and cuts answers, until the signal. A 503 is no fault meanwhile. */
  async disturb(proxy: TcpProxy | undefined, signal: AbortSignal): Promise<void> {
    this.#disturbed = true;
    for (let round = 0; !signal.aborted; round += 1) {
      const app = this.#apps[round % this.#apps.length];
      if (app?.alive) app.child.kill('SIGSTOP');
      proxy?.delay(round % 2 === 0 ? slowness : 0);
      await delay(pause);
      app?.child.kill('SIGCONT');
      proxy?.cutNextAnswer();
      await delay(pause);
    }
    proxy?.delay(0);
  }

  counts(): Pick<Outcome, 'requests' | 'errors' | 'away' | 'awayOtherwise' | 'times'> {
    const [begin, end] = this.#outage;
    const away = this.#refused.filter(([from, to]) => to >= begin && from <= end).length;
    const awayOtherwise = this.#refused.length - away;
    if (awayOtherwise > 0 && !this.#disturbed)
      this.ledger.blame('refused', `${awayOtherwise} times 503 while the store was there`);
    const times = this.#times.sort((one, other) => one - other);
    return { requests: this.#requests, errors: this.#errors, away, awayOtherwise, times };
  }
}

/** Looks up all that was acknowledged: rows in the store itself, cookies through the app. @returns how many rows lived. */
async function verify(
  load: Load,
  url: string,
  traffic: Traffic,
  browsers: readonly Browser[],
): Promise<number> {
  const { ledger } = traffic;
  await using store = await backends[load.backend].connect(url);
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
