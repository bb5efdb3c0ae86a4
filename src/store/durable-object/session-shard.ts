import { refuseDetached } from '../../errors/detached.ts';
import { endsAt, isExpiredForGood } from '../record.ts';
import { bringSchema } from '../sqlite/schema.ts';
import { prepareStatements } from '../sqlite/statements.ts';
import { Steps } from '../sqlite/steps.ts';
import type { CallOutcome, Calls } from './calls.ts';
import type { ObjectSql, ObjectState } from './client.ts';
import { driverOf } from './driver.ts';
import { toOutcome } from './errors.ts';

/** How often an object sweeps what has expired, in ms. */
const sweepEvery = 3_600_000;
/** A clock of a server that is behind by less than this never sees a session gone that it thinks alive. */
const slack = 60_000;
/** SQL takes no infinity for a limit. */
const noLimit = Number.MAX_SAFE_INTEGER;

/**
 * The class of the Durable Objects that keep sessions: export it from the worker, and declare it with SQLite
 * (`new_sqlite_classes`). Each call is one transaction. What has expired goes by itself, once an hour.
 * @throws TypeError when the class was declared without SQLite.
 *
 * @example
 * ```ts on workerd
 * import { durableStore, type ObjectNamespace } from 'hallpass/stores/durable-object';
 *
 * export { SessionShard } from 'hallpass/stores/durable-object';
 *
 * export default {
 *   async fetch(_request: Request, env: { SESSIONS: ObjectNamespace }): Promise<Response> {
 *     const rows = await durableStore(env.SESSIONS).listByUser('ada', { now: Date.now() });
 *     return new Response(`${rows.length} sessions`);
 *   },
 * };
 * ```
 */
export class SessionShard {
  readonly #state: ObjectState;
  readonly #sql: ObjectSql;
  #calls: Calls | undefined;
  #sweeps = false;

  constructor(state: ObjectState) {
    const sql = state?.storage?.sql;
    if (typeof sql?.exec !== 'function') {
      throw new TypeError(
        "SessionShard needs SQLite: declare it under new_sqlite_classes, as { tag: 'v1', new_sqlite_classes: ['SessionShard'] }.",
      );
    }
    this.#state = state;
    this.#sql = sql;
  }

  /** Over tables that were found fit: an object that throws as it is made could not say what is wrong with them. */
  #prepared(): Calls {
    if (this.#calls === undefined) {
      const database = driverOf(this.#sql);
      bringSchema(database, 'The Durable Object', (step) => this.#state.storage.transactionSync(step));
      this.#calls = callsOver(new Steps(prepareStatements(database)));
    }
    return this.#calls;
  }

  static {
    refuseDetached(SessionShard, (object) => #state in object, 'shard');
  }

  /** Answers a call of `durableStore`: one step. @throws TypeError for a request that is none. */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    const call = typeof request?.json === 'function' ? await request.json() : undefined;
    if (!Array.isArray(call))
      throw new TypeError(
        'fetch of SessionShard answers the calls of durableStore, and this is none: answer requests of your own in a class of your own.',
      );
    const [name, ...given] = call as [keyof Calls, ...unknown[]];
    if (name === 'create') await this.#sweepLater();
    return Response.json(this.#answer(name, given));
  }

  /** Sweeps, and again later. */
  async alarm(): Promise<void> {
    const now = Date.now() - slack;
    const calls = this.#prepared();
    this.#state.storage.transactionSync(() => {
      for (let from: number | undefined = 0; from !== undefined; )
        from = calls.sweepSlice(from, noLimit, now).next;
      calls.sweepIndexes(now);
    });
    await this.#state.storage.setAlarm(Date.now() + sweepEvery);
  }

  #answer(name: keyof Calls, given: unknown[]): CallOutcome {
    try {
      const calls = this.#prepared();
      if (!Object.hasOwn(calls, name)) return unknownCall;
      const step = calls[name] as (...given: unknown[]) => unknown;
      return { value: this.#state.storage.transactionSync(() => step(...given)) };
    } catch (error) {
      return toOutcome(error);
    }
  }

  async #sweepLater(): Promise<void> {
    if (this.#sweeps) return;
    this.#sweeps = true;
    if ((await this.#state.storage.getAlarm()) === null)
      await this.#state.storage.setAlarm(Date.now() + sweepEvery);
  }
}

const unknownCall: CallOutcome = {
  code: 'store-unusable',
  sentence:
    'The Durable Object does not know a call of durableStore: deploy SessionShard and durableStore of one hallpass.',
};

function callsOver(steps: Steps): Calls {
  return {
    read(selector, now) {
      const record = steps.find(selector);
      if (typeof record !== 'object') return record;
      if (isExpiredForGood(record)) return 'expired';
      if (endsAt(record) > now) return record;
      steps.expire(selector, now);
      return 'expired';
    },
    create: (record, o, present) => steps.create(record, o, present),
    patch: (selector, patch, present) => steps.patch(selector, patch, present),
    touch: (selector, o) => steps.touch(selector, o),
    end: (selector, until, now) => steps.end(selector, until, now),
    endMember: (selector, until, now, index) => steps.endMember(selector, until, now, index),
    enlist: (index, selector, o) => steps.enlist(index, selector, o),
    epoch: (index) => steps.epoch(index),
    raise: (index) => steps.raise(index),
    members: (index) => steps.members(index),
    listByUser: (userId, o) => steps.listByUser(userId, o),
    revokeByUser: (userId, o) => steps.revokeByUser(userId, o),
    sweepSlice: (from, limit, now) => steps.sweepSlice(from, limit, now),
    sweepIndexes: (now) => steps.sweepIndexes(now),
  };
}
