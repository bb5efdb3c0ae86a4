import { checkOptions } from '../../errors/misuse.ts';
import { HallpassError } from '../../errors.ts';
import type { Driver, OwnConnection, RedisClient, Reply, ScriptCall } from './client.ts';
import { driverOf } from './driver.ts';
import { isElsewhere, isUnknownScript, toStoreError, toWaitError } from './errors.ts';
import { type RedisOptions, redisShape, type Waiting, waiting } from './options.ts';
import type { Script } from './script.ts';

/** What a script replied, and a way to wait until the replicas have what it wrote. */
export interface PendingWrite {
  readonly reply: Reply;
  /** @throws HallpassError `store-unavailable` when too few replicas have it */
  confirm(): Promise<void>;
}

type Arguments = readonly (string | number)[];

/** How often a slot that moves is followed. */
const mostMoves = 3;

/** Scripts over a client: each by its name, and with its text where Redis does not know it yet. */
export class Connection {
  readonly #driver: Driver;
  readonly #wait: Waiting | undefined;
  /** For each connection, the WAIT that has not begun yet: it stands for all that is written until then. */
  readonly #nextWaits = new WeakMap<OwnConnection, Promise<Confirmed>>();
  readonly #lastWaits = new WeakMap<OwnConnection, Promise<Confirmed>>();

  constructor(client: RedisClient, options: RedisOptions) {
    checkOptions(options, redisShape, 'a store on Redis');
    this.#driver = driverOf(client);
    this.#wait = waiting(options);
    if (this.#wait !== undefined && this.#driver.own === undefined) {
      throw new TypeError('wait takes a connection of its own, which a pool does not give: pass a client.');
    }
  }

  get cluster(): boolean {
    return this.#driver.cluster;
  }

  async get(key: string): Promise<string | null> {
    try {
      return await this.#driver.get(key);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** Runs a script that only reads. */
  read(script: Script, keys: readonly string[], args: Arguments): Promise<Reply> {
    return this.write(script, keys, args);
  }

  /** Runs a script: one step, and one round trip. */
  async write(script: Script, keys: readonly string[], args: Arguments): Promise<Reply> {
    try {
      return await run(this.#driver, script, keys, args);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** The same for what must not be lost once it was acknowledged. @throws HallpassError `store-unavailable` when too few replicas have it */
  async writeDurably(script: Script, keys: readonly string[], args: Arguments): Promise<Reply> {
    const { reply, confirm } = await this.writeToConfirm(script, keys, args);
    await confirm();
    return reply;
  }

  /** The same in two steps, for several writes that wait together. */
  async writeToConfirm(script: Script, keys: readonly string[], args: Arguments): Promise<PendingWrite> {
    const [driver, wait] = [this.#driver, this.#wait];
    if (wait === undefined || driver.own === undefined)
      return { reply: await this.write(script, keys, args), confirm: async () => {} };
    const [key = ''] = keys;
    try {
      for (let moves = 0; moves < mostMoves; moves += 1) {
        try {
          const own = await driver.own(key);
          return { reply: await run(own, script, keys, args), confirm: () => this.#confirm(own, wait) };
        } catch (error) {
          if (!isElsewhere(error)) throw error;
          // A cluster client follows a slot that has moved, whatever the answer is.
          await driver.get(key).catch(() => {});
        }
      }
    } catch (error) {
      throw toStoreError(error);
    }
    const reply = await this.write(script, keys, args);
    return { reply, confirm: async () => Promise.reject(unconfirmed({ server: false, replicas: 0 }, wait)) };
  }

  async *scan(pattern: string): AsyncGenerator<readonly string[]> {
    try {
      yield* this.#driver.scan(pattern);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** Ends what was opened beside the client. */
  close(): Promise<void> {
    return this.#driver.endOwn();
  }

  async #confirm(own: OwnConnection, wait: Waiting): Promise<void> {
    let next = this.#nextWaits.get(own);
    if (next === undefined) {
      const last: Promise<unknown> = this.#lastWaits.get(own) ?? Promise.resolve();
      next = last
        .catch(() => {})
        .then(() => {
          this.#nextWaits.delete(own);
          return confirmed(own, wait);
        });
      this.#nextWaits.set(own, next);
      this.#lastWaits.set(own, next);
    }
    const have = await next.catch((error) => {
      throw wait.onDisk ? toWaitError(error) : toStoreError(error);
    });
    if (!have.server || have.replicas < wait.replicas) throw unconfirmed(have, wait);
  }
}

/** Who has what was written, in memory or on the disk. */
interface Confirmed {
  readonly server: boolean;
  readonly replicas: number;
}

async function confirmed(own: OwnConnection, { replicas, timeout, onDisk }: Waiting): Promise<Confirmed> {
  if (!onDisk) return { server: true, replicas: await own.wait(replicas, timeout) };
  const [server, have = 0] = await own.waitForDisks(replicas, timeout);
  return { server: server === 1, replicas: have };
}

function unconfirmed(have: Confirmed, { replicas, timeout, onDisk }: Waiting) {
  const sentence =
    onDisk && !have.server
      ? `Redis had not the write on its disk within ${timeout} ms, so a crash of the machine may lose it.`
      : `Only ${have.replicas} of ${replicas} replicas of Redis had the write${onDisk ? ' on their disks' : ''} within ${timeout} ms, so a failover may lose it.`;
  return new HallpassError('store-unavailable', sentence);
}

async function run(
  on: { run(call: ScriptCall): Promise<Reply> },
  script: Script,
  keys: readonly string[],
  args: Arguments,
): Promise<Reply> {
  const texts = args.map(String);
  const name = script.knownName ?? (await script.name());
  try {
    return await on.run({ by: 'name', script: name, keys, args: texts });
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return on.run({ by: 'text', script: script.text, keys, args: texts });
  }
}
