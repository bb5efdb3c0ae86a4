import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { d1Database, objectNamespace, objectState } from '../../tools/test/cloudflare.ts';
import {
  type Arguments,
  call,
  callsOfStore,
  complaintsOfFunction,
  complaintsOfMethods,
  entryPoints,
} from '../../tools/test/odd-arguments.ts';
import { d1Schema, d1Store } from './d1/index.ts';
import { durableStore, SessionShard } from './durable-object/index.ts';
import { memoryRevocations, memoryStore } from './memory/index.ts';
import { postgresRevocations, postgresStore } from './postgres/index.ts';
import { redisRevocations, redisStore } from './redis/index.ts';
import { sqliteRevocations, sqliteStore } from './sqlite/index.ts';

/* As src/misuse.test.ts, for the entry points of the stores. */

const away = () => Promise.reject(new Error('away'));
const nodeRedis = { evalSha: away, eval: away, get: away, scan: away };
const ioredis = { evalsha: away, eval: away, get: away, scan: away, isCluster: false };
const pg = { query: away };
const postgresJs = Object.assign(() => {}, { unsafe: away });
const inSqlite = sqliteStore(':memory:');
const inD1 = d1Store(d1Database(d1Schema()));
const inObjects = durableStore(objectNamespace());

/** Arguments with which each function works, by entry point. */
const functions: Record<string, Record<string, readonly unknown[]>> = {
  './stores/memory': { memoryRevocations: [{}], memoryStore: [{}] },
  './stores/sqlite': { sqliteRevocations: [':memory:'], sqliteStore: [':memory:', {}] },
  './stores/redis': { redisRevocations: [nodeRedis, {}], redisStore: [nodeRedis, {}] },
  './stores/d1': { d1Schema: [], d1Store: [d1Database(d1Schema())] },
  './stores/durable-object': { durableStore: [objectNamespace(), {}], SessionShard: [objectState()] },
  './stores/postgres': { postgresRevocations: [pg, {}], postgresSchema: ['a'], postgresStore: [pg, {}] },
};

/** Objects that people hold. */
const objects: Record<string, () => unknown> = {
  'store in memory': () => memoryStore(),
  'store in SQLite': () => inSqlite,
  'store in Redis': () => redisStore(nodeRedis as never),
  'store in PostgreSQL': () => postgresStore(pg),
  'store in D1': () => inD1,
  'store in Durable Objects': () => inObjects,
  shard: () => new SessionShard(objectState()),
  'revocations in memory': () => memoryRevocations(),
  'revocations in SQLite': () => sqliteRevocations(':memory:'),
  'revocations in Redis': () => redisRevocations(nodeRedis as never),
  'revocations in PostgreSQL': () => postgresRevocations(pg),
};

/** Arguments with which their methods work. */
const methods: Record<string, Arguments> = { 'shard.fetch': () => [{ json: async () => ['epoch', 'ada'] }] };
for (const title of Object.keys(objects)) {
  if (title.startsWith('store')) Object.assign(methods, callsOfStore(title));
  if (!title.startsWith('revocations')) continue;
  methods[`${title}.add`] = methods[`${title}.has`] = () => ['id', 0];
}

/** Objects that are data or clients and hold no options. */
const isData = /^((d1|durable|redis|postgres)\w+\(0|SessionShard|shard|store)/;
/** `x` is a path: it would be made. */
const isPath = (entry: string, [first]: readonly unknown[]) => entry === './stores/sqlite' && first === 'x';

const entries = Object.entries(entryPoints()).filter(([entry]) => entry.startsWith('./stores/'));

describe.for(entries)('what is no argument of %s', ([entry, file]) => {
  it('is refused in our own words', async () => {
    const members = Object.entries((await import(pathToFileURL(file).href)) as Record<string, unknown>);
    const found: string[] = [];
    for (const [name, member] of members) {
      const good = functions[entry]?.[name];
      if (good === undefined) found.push(`${name}: say in this test what it works with`);
      found.push(
        ...(await complaintsOfFunction(name, member, good ?? [], isData, (args) => isPath(entry, args))),
      );
    }
    expect(found).toEqual([]);
  });
});

describe.for(Object.entries(objects))('what is no argument of a method of a %s', ([title, make]) => {
  it('is refused in our own words', async () => {
    expect(await complaintsOfMethods(title, make, methods, isData)).toEqual([]);
  });
});

describe.for<[string, object, readonly unknown[]]>([
  ['of redis', nodeRedis, [redisStore, redisRevocations]],
  ['of ioredis', ioredis, [redisStore, redisRevocations]],
  ['of pg', pg, [postgresStore, postgresRevocations]],
  ['of postgres', postgresJs, [postgresStore, postgresRevocations]],
  ['of D1', d1Database(d1Schema()), [d1Store]],
  ['of Durable Objects', objectNamespace(), [durableStore]],
  ['of an object', objectState(), [SessionShard]],
])('a client %s', ([, client, makers]) => {
  it('is taken as it is, and refused with the sentence that mends it where it lacks something', () => {
    for (const make of makers) {
      expect(() => call(make, [client])).not.toThrow();
      for (const [name, own] of Object.entries(client)) {
        if (typeof own === 'boolean') continue;
        for (const less of [undefined, 3]) {
          const copy = typeof client === 'function' ? Object.assign(() => {}, client) : { ...client };
          Object.assign(copy, { [name]: less });
          expect(() => call(make, [copy])).toThrow(TypeError);
          expect(() => call(make, [copy])).toThrow(
            /^(Pass a |d1Store takes|durableStore takes|SessionShard needs)/,
          );
        }
      }
    }
  });
});

it('a call that a shard does not know is said to be of another hallpass', async () => {
  const shard = new SessionShard(objectState());
  for (const name of ['nothing', 'constructor', '__proto__']) {
    const answer = await shard.fetch({ json: async () => [name, 'ada'] });
    expect(await answer.json()).toMatchObject({ code: 'store-unusable' });
  }
});
