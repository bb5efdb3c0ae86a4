// Runs in workerd: a suite over the stores of the edge, by its name; the answer is a list of what failed.
import type { SessionStore } from 'hallpass/store';
import { type D1Database, d1Schema, d1Store } from 'hallpass/stores/d1';
import {
  durableStore,
  type ObjectNamespace,
  type ObjectState,
  SessionShard as Shard,
} from 'hallpass/stores/durable-object';
import { memoryStore } from 'hallpass/stores/memory';
import { storeContract } from '../../src/testing/store-contract/index.ts';
import { record } from '../../src/testing/store-contract/sample.ts';
import { type Case, equal } from '../case.ts';
import { ofThree, ofTwo, raceSuite } from '../races/suite.ts';
import { overStore } from '../sessions/over-stores/suite.ts';
import { laterVersion } from './later-version.ts';

/** A place under which an object takes SQL of ours, and starts again. */
const sqlPath = '/sql';
/** One at which its alarm goes off. */
const wakePath = '/alarm';

interface FullState extends ObjectState {
  readonly storage: ObjectState['storage'] & { sync(): Promise<void> };
  abort(): void;
}

/** The object of the store. */
export class SessionShard extends Shard {
  readonly #state: FullState;

  constructor(state: FullState) {
    super(state);
    this.#state = state;
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === wakePath) {
      await this.alarm();
      return Response.json(await this.#state.storage.getAlarm());
    }
    if (pathname !== sqlPath) return super.fetch(request);
    for (const text of (await request.json()) as string[]) this.#state.storage.sql?.exec(text);
    await this.#state.storage.sync();
    this.#state.abort();
    return Response.json({});
  }
}

/** What the worker is bound to. */
interface Env {
  readonly SESSIONS: ObjectNamespace;
  readonly DB: D1Database;
}

/** Each store as one opens it on a place of its own. */
const stores: Readonly<Record<string, (env: Env, place: string) => SessionStore>> = {
  'one object': ({ SESSIONS }, name) => durableStore(SESSIONS, { name }),
  'three objects': ({ SESSIONS }, name) => durableStore(SESSIONS, { name, shards: 3 }),
  // It has one place; before each case it is emptied.
  D1: ({ DB }) => d1Store(DB),
};

/** Empties D1, and makes its tables where there are none. */
export async function clear({ DB }: Env): Promise<void> {
  const names = ['schema', 'sessions', 'members', 'epochs', 'revocations'];
  const dropped = names.map((name) => `DROP TABLE IF EXISTS hallpass_${name}`);
  const made = d1Schema()
    .split(';')
    .filter((text) => text.trim() !== '');
  await DB.batch([...dropped, ...made].map((text) => DB.prepare(text)));
}

function executeIn({ SESSIONS, DB }: Env, store: string, place: string) {
  return async (statements: readonly string[]): Promise<void> => {
    if (store === 'D1') {
      await DB.batch(statements.map((text) => DB.prepare(text)));
      return;
    }
    const object = SESSIONS.get(SESSIONS.idFromName(place));
    const init = { method: 'POST', body: JSON.stringify(statements) };
    await object.fetch(`https://session-shard${sqlPath}`, init).catch(() => {}); // It starts again instead of answering.
  };
}

/** What an object does by itself, once an hour. */
export function wakeCases(open: () => SessionStore, ring: () => Promise<unknown>): readonly Case[] {
  return [
    {
      name: 'the alarm of an object takes away what has expired, and is set again',
      async run() {
        const store = open();
        const now = Date.now();
        const ending = (selector: string, at: number) => record(selector, { idleAt: at, absoluteAt: at });
        const past = { now: now - 7_200_000 };
        for (let at = 0; at < 20; at += 1) await store.create(ending(`over ${at}`, now - 3_600_000), past);
        await store.create(ending('lives', now + 86_400_000), past);
        equal(Number(await ring()) > now + 3_500_000, true, 'the next alarm');
        equal(await store.sweep(1_000, { now }), 0, 'what is left to sweep');
        equal((await store.read('lives', { now })) === undefined, false, 'what lives');
      },
    },
  ];
}

function casesOf(
  env: Env,
  store: string,
  suite: string,
  open: (place: string) => SessionStore,
): readonly Case[] {
  const promised = overStore(async () => {
    if (store === 'D1') await clear(env);
    return open(crypto.randomUUID());
  }, 20)[suite];
  if (promised !== undefined) return promised;
  if (suite === 'contract') {
    return storeContract(async () => {
      const place = crypto.randomUUID();
      return { open: async () => open(place), close: async () => {} };
    });
  }
  const place = crypto.randomUUID();
  const races = suite === 'races of two' ? ofTwo : ofThree;
  const found = memoryStore();
  // Which orders there are is found in memory: half of those that begin lead where another does.
  const inMemory = raceSuite(races, async () => found);
  return raceSuite(races, async () => open(place)).map(({ name, run }, index) => ({
    name,
    async run() {
      await inMemory[index]?.run();
      await run();
    },
  }));
}

async function ring({ SESSIONS }: Env, place: string): Promise<unknown> {
  const object = SESSIONS.get(SESSIONS.idFromName(place));
  return (await object.fetch(`https://session-shard${wakePath}`, { method: 'POST', body: '' })).json();
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [store = '', suite = '', only = ''] = (await request.json()) as string[];
    const open = stores[store];
    if (open === undefined) throw new TypeError(`No store of this name: ${store}.`);
    const place = crypto.randomUUID();
    const cases =
      suite === 'a later version'
        ? laterVersion(() => open(env, place), executeIn(env, store, place))
        : suite === 'by itself'
          ? wakeCases(
              () => open(env, place),
              () => ring(env, place),
            )
          : casesOf(env, store, suite, (place) => open(env, place));
    if (only === '') return Response.json(cases.map(({ name }) => name));
    if (store === 'D1') await clear(env);
    const chosen = cases.find(({ name }) => name === only);
    try {
      await chosen?.run();
      return Response.json(chosen === undefined ? 'There is no such case.' : '');
    } catch (error) {
      return Response.json(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  },
};
