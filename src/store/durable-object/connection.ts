import type { CallOutcome, Calls } from './calls.ts';
import type { ObjectNamespace } from './client.ts';
import { fromOutcome, toStoreError } from './errors.ts';

/** The objects of a store, by what they keep. */
export class Connection {
  readonly count: number;
  readonly #namespace: ObjectNamespace;
  readonly #name: string;

  constructor(namespace: ObjectNamespace, name: string, count: number) {
    this.#namespace = namespace;
    this.#name = name;
    this.count = count;
  }

  /** The object that keeps a session, or an index. */
  shardOf(key: string): number {
    return this.count === 1 ? 0 : hashOf(key) % this.count;
  }

  /** Has an object take a step. @throws HallpassError `store-unavailable`, or `store-unusable` */
  async call<Name extends keyof Calls>(
    shard: number,
    name: Name,
    ...given: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    const answer = await this.#ask(shard, JSON.stringify([name, ...given]));
    if ('code' in answer) throw fromOutcome(answer);
    return answer.value as ReturnType<Calls[Name]>;
  }

  async #ask(shard: number, body: string): Promise<CallOutcome> {
    try {
      const name = this.count === 1 ? this.#name : `${this.#name} ${shard}`;
      // A stub that failed once fails for good, so each call has one of its own.
      const stub = this.#namespace.get(this.#namespace.idFromName(name));
      const response = await stub.fetch('https://session-shard/', { method: 'POST', body });
      return (await response.json()) as CallOutcome;
    } catch (error) {
      throw toStoreError(error);
    }
  }
}

/** FNV-1a, 32 bits, over the code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
