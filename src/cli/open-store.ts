import { existsSync } from 'node:fs';
import type { SessionStore } from '../store/index.ts';
import { Failure, Misuse } from './command.ts';
import { connectPostgres, type PostgresDriver } from './connect-postgres.ts';
import { connectRedis, type RedisDriver } from './connect-redis.ts';

/** Which store, and where. The URL may hold a password, so no message repeats it. */
interface StoreAddress {
  readonly url: string;
  /** What every key begins with, for Redis. */
  readonly prefix?: string | undefined;
  /** True: the URL is one node of a Redis Cluster. */
  readonly cluster?: boolean | undefined;
  /** The table of the sessions, for PostgreSQL. */
  readonly table?: string | undefined;
}

/** A store, and how to let it go. */
interface OpenedStore extends AsyncDisposable {
  readonly store: SessionStore;
}

/** The packages that may open a kind of store, the one to prefer first. */
interface DriverNames {
  readonly redis: readonly RedisDriver[];
  readonly postgres: readonly PostgresDriver[];
}

const driverNames: DriverNames = { redis: ['redis', 'ioredis'], postgres: ['pg', 'postgres'] };

/** How long a server may take to answer, in ms. */
const patience = 5_000;

/** @throws Misuse for an address that is none. @throws Failure where nothing answers there. */
export async function openStore(
  address: StoreAddress,
  names: DriverNames = driverNames,
): Promise<OpenedStore> {
  const { url, prefix, table, cluster } = address;
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const isRedis = scheme === 'redis' || scheme === 'rediss';
  const isPostgres = scheme === 'postgres' || scheme === 'postgresql';
  if (!isRedis && (prefix !== undefined || cluster)) {
    throw new Misuse('--prefix and --cluster go with redis://.');
  }
  if (!isPostgres && table !== undefined) throw new Misuse('--table goes with postgres://.');
  if (scheme === 'sqlite') return openSqlite(url.slice('sqlite:'.length).replace(/^\/\//, ''));
  const where = isRedis || isPostgres ? URL.parse(url) : null;
  if (where === null) {
    throw new Misuse('--store takes sqlite:FILE, redis://…, rediss://… or postgres://….');
  }
  return isRedis ? openRedis(where, address, names) : openPostgres(where, table, names);
}

async function openSqlite(path: string): Promise<OpenedStore> {
  if (path === '') throw new Misuse('sqlite: needs a file behind it, as sqlite:data/sessions.sqlite.');
  if (!existsSync(path)) throw new Misuse(`There is no file ${path}, and looking into a store makes none.`);
  const { sqliteStore } = await import('../store/sqlite/index.ts');
  const store = sqliteStore(path);
  return { store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]?.() };
}

async function openRedis(url: URL, address: StoreAddress, names: DriverNames): Promise<OpenedStore> {
  const { redisStore } = await import('../store/redis/index.ts');
  const { prefix, cluster = false } = address;
  const connect = () => connectRedis(url, names.redis, { cluster, patience });
  const { client, end } = await connected(url, 'Redis', connect);
  const store = misuseOf(() => redisStore(client, { ...(prefix !== undefined && { prefix }) }));
  return { store, [Symbol.asyncDispose]: () => leave(end) };
}

async function openPostgres(url: URL, table: string | undefined, names: DriverNames): Promise<OpenedStore> {
  const { postgresStore } = await import('../store/postgres/index.ts');
  const connect = () => connectPostgres(url, names.postgres, patience);
  const { pool, end } = await connected(url, 'PostgreSQL', connect);
  // Looking into a database must not make tables in it.
  const options = { migrate: false, ...(table !== undefined && { table }) };
  const store = misuseOf(() => postgresStore(pool, options));
  return { store, [Symbol.asyncDispose]: () => leave(end) };
}

/** A connection that has broken cannot be closed; what broke it is what counts. */
async function leave(end: () => unknown): Promise<void> {
  try {
    await end();
  } catch {}
}

/** What the drivers say of a failure may hold the URL, so only its code is told. */
async function connected<T>({ host }: URL, kind: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code } = error as { code?: unknown };
    const why = typeof code === 'string' ? ` (${code})` : '';
    throw new Failure(`${kind} at ${host} cannot be reached, or refuses the connection${why}.`);
  }
}

/** A prefix or table that cannot be one. Those messages hold nothing secret. */
function misuseOf<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? new Misuse(error.message) : error;
  }
}
