import { checkOptions } from '../../errors/misuse.ts';
import { HallpassError } from '../../errors.ts';
import type { Driver, OwnConnection, RedisClient, Reply, ScriptCall } from './client.ts';
import { driverOf } from './driver.ts';
import { isElsewhere, isUnknownScript, toStoreError } from './errors.ts';
import { type RedisOptions, redisShape, waiting } from './options.ts';
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
  readonly #wait: { replicas: number; timeout: number } | undefined;
  /** For each connection, the WAIT that has not begun yet: it stands for all that is written until then. */
  readonly #nextWaits = new WeakMap<OwnConnection, Promise<number>>();
  readonly #lastWaits = new WeakMap<OwnConnection, Promise<number>>();

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
    return { reply, confirm: async () => Promise.reject(unconfirmed(0, wait)) };
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

  async #confirm(own: OwnConnection, wait: { replicas: number; timeout: number }): Promise<void> {
    let next = this.#nextWaits.get(own);
    if (next === undefined) {
      const last = this.#lastWaits.get(own) ?? Promise.resolve(0);
      next = last
        .catch(() => {})
        .then(() => {
          this.#nextWaits.delete(own);
          return own.wait(wait.replicas, wait.timeout);
        });
      this.#nextWaits.set(own, next);
      this.#lastWaits.set(own, next);
    }
    const have = await next.catch((error) => {
      throw toStoreError(error);
    });
    if (have < wait.replicas) throw unconfirmed(have, wait);
  }
}

function unconfirmed(have: number, { replicas, timeout }: { replicas: number; timeout: number }) {
  return new HallpassError(
    'store-unavailable',
    `Only ${have} of ${replicas} replicas of Redis had the write within ${timeout} ms, so a failover may lose it.`,
  );
}

async function run(
  on: { run(call: ScriptCall): Promise<Reply> },
  script: Script,
  keys: readonly string[],
  args: Arguments,
): Promise<Reply> {
  const input = { keys, args: args.map(String) };
  const byName = async () => on.run({ by: 'name', script: await script.name(), ...input });
  return byName().catch((error: unknown) => {
    if (!isUnknownScript(error)) throw error;
    return on.run({ by: 'text', script: script.text, ...input });
  });
}
