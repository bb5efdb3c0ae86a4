import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';
import type { CallOutcome, Calls } from './calls.ts';
import type { ObjectNamespace } from './client.ts';

/** The objects of a store, by what they keep. */
export class Shards {
  readonly count: number;
  readonly #namespace: ObjectNamespace;
  readonly #name: string;

  constructor(namespace: ObjectNamespace, name: string, count: number) {
    this.#namespace = namespace;
    this.#name = name;
    this.count = count;
  }

  /** The object that keeps a session, or an index. */
  of(key: string): number {
    return this.count === 1 ? 0 : hashOf(key) % this.count;
  }

  /** Has an object take a step. @throws HallpassError `store-unavailable`, or `store-unusable` */
  async call<Name extends keyof Calls>(
    shard: number,
    name: Name,
    ...given: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    const answer = await this.#ask(shard, JSON.stringify([name, ...given]));
    if (!('code' in answer)) return answer.value as ReturnType<Calls[Name]>;
    const cause = safeCause(answer.sentence);
    const sentence =
      answer.code === 'store-unusable'
        ? answer.sentence
        : 'A Durable Object failed; the cause of this error says how.';
    throw new HallpassError(answer.code, sentence, { cause });
  }

  async #ask(shard: number, body: string): Promise<CallOutcome> {
    try {
      const name = this.count === 1 ? this.#name : `${this.#name} ${shard}`;
      // A stub that failed once fails for good, so each call has one of its own.
      const stub = this.#namespace.get(this.#namespace.idFromName(name));
      const response = await stub.fetch('https://session-shard/', { method: 'POST', body });
      return (await response.json()) as CallOutcome;
    } catch (error) {
      const cause = safeCause(error);
      throw new HallpassError(
        'store-unavailable',
        'A Durable Object cannot be reached; the cause of this error says how.',
        { cause },
      );
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
