import { setTimeout as delay } from 'node:timers/promises';
import type { TcpProxy } from '../../tools/test/tcp-proxy.ts';
import type { AppProcess } from './app-process.ts';
import type { Surroundings } from './browser.ts';
import type { Answer } from './connection.ts';
import { Ledger } from './ledger.ts';
import type { StoreServer } from './started.ts';

/** In ms: how long a process stands still, and how much later everything arrives on a slow network. */
const pause = 200;
const slowness = 15;
/** A process is killed in each of so many rounds of pauses. */
const roundsOfALife = 10;

/** What was asked of the app, and what came of it. */
export interface TrafficCounts extends Disturbances {
  readonly requests: number;
  readonly errors: number;
  readonly away: number;
  readonly awayOtherwise: number;
  /** How often each refusal was answered: its status and code. */
  readonly refusals: ReadonlyMap<string, number>;
  /** How long a request took, in ms, in order. */
  readonly times: readonly number[];
}

/** How often something was done to the app and its store. */
interface Disturbances {
  /** Of processes of the app and of the store's server. */
  kills: number;
  pauses: number;
  /** Connections to the store that were closed in the place of an answer. */
  cuts: number;
}

/** What all browsers together see, and what is done to those who serve them. */
export class Traffic implements Surroundings {
  readonly ledger = new Ledger();
  readonly #apps: readonly AppProcess[];
  readonly #times: number[] = [];
  /** When there was a 503: from the request to its answer. */
  readonly #refused: [from: number, to: number][] = [];
  readonly #refusals = new Map<string, number>();
  #outage: [from: number, to: number] = [Infinity, Infinity];
  #disturbed = false;
  #requests = 0;
  #errors = 0;
  stopped = false;
  readonly #done: Disturbances = { kills: 0, pauses: 0, cuts: 0 };

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
      if (answer.status >= 300) {
        const refusal = `${answer.status} ${answer.body.error ?? ''}`.trim();
        this.#refusals.set(refusal, (this.#refusals.get(refusal) ?? 0) + 1);
      }
      if (answer.status === 503) this.#refused.push([from, to]);
      else if (answer.status >= 500) {
        this.#errors += 1;
        this.ledger.blame('refused', `an answer was ${answer.status}`);
      }
    } else if (this.#apps.some((app) => app.port === port && app.alive)) {
      const why = answer.outcome === 'cut' ? answer.why : '';
      this.ledger.blame('broken', `a connection to a process that lives was ${answer.outcome}: ${why}`);
    }
  }

  /** Kills a process, unless there is no other. */
  killOne(app = this.#apps[0]): void {
    if (app === undefined || this.#apps.length < 2) return;
    app.kill();
    this.#done.kills += 1;
  }

  /** Kills the store's server and starts it again, once somebody has noticed. */
  async breakStore(server: StoreServer, ms: number, patience: number): Promise<void> {
    this.#outage = [performance.now(), Infinity];
    const known = this.#refused.length;
    await server.kill();
    this.#done.kills += 1;
    await delay(ms);
    const latest = performance.now() + 2 * patience * 1_000;
    while (this.#refused.length === known && performance.now() < latest) await delay(5);
    await server.restart();
    this.#outage[1] = performance.now() + patience * 1_000;
  }

  /** Stops and kills processes, makes the network slow, and cuts answers, until the signal. A 503 is no fault meanwhile. */
  async disturb(proxies: readonly TcpProxy[], signal: AbortSignal): Promise<void> {
    this.#disturbed = true;
    const starts: Promise<void>[] = [];
    for (let round = 0; !signal.aborted; round += 1) {
      const app = this.#apps[round % this.#apps.length];
      if (app?.alive) {
        app.stop();
        this.#done.pauses += 1;
      }
      for (const proxy of proxies) proxy.delay(round % 2 === 0 ? slowness : 0);
      await delay(pause);
      app?.goOn();
      // Every answer under way on that connection is lost: not so often that no sign-in ever ends.
      if (round % 3 === 0) proxies[(round / 3) % proxies.length]?.cutNextAnswer();
      if (app?.alive && round % roundsOfALife === roundsOfALife - 1) {
        this.killOne(app);
        starts.push(app.start());
      }
      await delay(pause);
    }
    await Promise.all(starts);
    for (const proxy of proxies) {
      proxy.delay(0);
      this.#done.cuts += proxy.cuts;
    }
  }

  /** How far it has come, in a line. */
  get progress(): string {
    const { writes, endings, faults } = this.ledger;
    return `${this.#requests} requests, ${writes} writes, ${endings} endings, ${this.#refused.length} times 503, ${faults.length} faults`;
  }

  counts(): TrafficCounts {
    const [begin, end] = this.#outage;
    const away = this.#refused.filter(([from, to]) => to >= begin && from <= end).length;
    const awayOtherwise = this.#refused.length - away;
    if (awayOtherwise > 0 && !this.#disturbed)
      this.ledger.blame('refused', `${awayOtherwise} times 503 while the store was there`);
    const times = this.#times.sort((one, other) => one - other);
    const [requests, errors, refusals] = [this.#requests, this.#errors, this.#refusals];
    return { ...this.#done, requests, errors, away, awayOtherwise, refusals, times };
  }
}
