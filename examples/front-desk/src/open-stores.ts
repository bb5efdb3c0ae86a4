import { join } from 'node:path';
import type { SessionStore } from 'hallpass/store';
import { postgresStore } from 'hallpass/stores/postgres';
import { redisStore } from 'hallpass/stores/redis';
import { openStore, Stop } from '../../shared/program.ts';
import type { AccountStore } from './accounts/account-store.ts';
import { postgresAccounts } from './accounts/postgres-accounts.ts';
import { redisAccounts } from './accounts/redis-accounts.ts';
import { sqliteAccounts } from './accounts/sqlite-accounts.ts';

/** Where the desk keeps what outlives it. */
export interface Stores {
  sessions: SessionStore;
  accounts: AccountStore;
  /** The place, for people: a URL's host without its password. */
  place: string;
  close(): Promise<void>;
}

/**
 * @param where `redis://…`, `postgres://…`, or the path of an SQLite file; default: a file in the data folder
 * @throws Stop where it cannot be used
 */
export async function openStores(where: string | undefined, folder: string): Promise<Stores> {
  if (where === undefined || !where.includes('://')) {
    return openSqlite(where ?? join(folder, 'front-desk.sqlite'));
  }
  const url = URL.parse(where);
  const open = url === null ? undefined : servers[url.protocol];
  if (url === null || open === undefined) {
    throw new Stop('--store takes redis://…, rediss://…, postgres://… or the path of an SQLite file.');
  }
  try {
    return await open(url);
  } catch (error) {
    // The sentence names the host, never the URL: that may hold a password.
    throw new Stop(`The store at ${url.host} cannot be used: ${reasonOf(error)}.`);
  }
}

const servers: Record<string, (url: URL) => Promise<Stores>> = {
  'redis:': openRedis,
  'rediss:': openRedis,
  'postgres:': openPostgres,
  'postgresql:': openPostgres,
};

async function openSqlite(file: string): Promise<Stores> {
  const sessions = openStore(file);
  const accounts = sqliteAccounts(file);
  return {
    sessions,
    accounts,
    place: file,
    async close() {
      await accounts.close();
      await sessions[Symbol.asyncDispose]?.();
    },
  };
}

// The drivers are loaded when they are wanted, so the desk starts without them.
async function openRedis(url: URL): Promise<Stores> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url.href, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    socketTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  // While the server is away each call fails, and is told to onEvent; that the connection failed says no more.
  let connectionError: unknown;
  client.on('error', (error) => {
    connectionError = error;
  });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw connectionError ?? error;
  }
  return {
    sessions: redisStore(client),
    accounts: redisAccounts(client),
    place: `Redis at ${url.host}`,
    async close() {
      client.disconnect();
    },
  };
}

async function openPostgres(url: URL): Promise<Stores> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url.href,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  pool.on('error', () => {}); // an idle connection that broke is replaced
  return {
    sessions: postgresStore(pool),
    accounts: await postgresAccounts(pool),
    place: `PostgreSQL at ${url.host}`,
    close: () => pool.end(),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  // The driver of PostgreSQL has no code for it.
  const isTimeout = !(error instanceof Error) || /timeout/i.test(error.message);
  return isTimeout ? 'it did not answer within two seconds' : error.name;
}
