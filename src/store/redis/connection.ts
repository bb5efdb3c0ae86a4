import { HallpassError } from '../../errors.ts';
import type { Call, Driver, RedisClient, Reply } from './client.ts';
import { driverOf } from './driver.ts';
import { isUnknownScript, toStoreError } from './errors.ts';
import { type RedisOptions, waiting } from './options.ts';
import type { Script } from './script.ts';

/** Scripts over a client: each by its name, and with its text where Redis does not know it yet. */
export class Connection {
  readonly #driver: Driver;
  readonly #wait: { replicas: number; timeout: number } | undefined;

  constructor(client: RedisClient, options: RedisOptions) {
    this.#driver = driverOf(client);
    this.#wait = waiting(options);
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
  read(script: Script, keys: string[], args: (string | number)[]): Promise<Reply> {
    return this.write(script, keys, args);
  }

  /** Runs a script: one step, and one round trip. */
  write(script: Script, keys: string[], args: (string | number)[]): Promise<Reply> {
    return this.#call(script, keys, args, (call) => this.#driver.run(call));
  }

  /** The same for what must not be lost once it was acknowledged. @throws HallpassError `store-unavailable` when too few replicas have it. */
  writeDurably(script: Script, keys: string[], args: (string | number)[]): Promise<Reply> {
    const wait = this.#wait;
    if (wait === undefined) return this.write(script, keys, args);
    return this.#call(script, keys, args, async (call) => {
      const { reply, acknowledgedBy } = await this.#driver.runAndWait(call, wait.replicas, wait.timeout);
      if (acknowledgedBy >= wait.replicas) return reply;
      throw new HallpassError(
        'store-unavailable',
        `Only ${acknowledgedBy} of ${wait.replicas} replicas of Redis had the write within ${wait.timeout} ms, so a failover may lose it.`,
      );
    });
  }

  async *scan(pattern: string): AsyncGenerator<readonly string[]> {
    try {
      yield* this.#driver.scan(pattern);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async #call(
    script: Script,
    keys: string[],
    args: (string | number)[],
    send: (call: Call) => Promise<Reply>,
  ): Promise<Reply> {
    const input = { keys, args: args.map(String) };
    try {
      return await send({ by: 'name', script: await script.name(), ...input }).catch((error: unknown) => {
        if (!isUnknownScript(error)) throw error;
        return send({ by: 'text', script: script.text, ...input });
      });
    } catch (error) {
      throw toStoreError(error);
    }
  }
}
