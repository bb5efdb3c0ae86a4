import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionStore } from 'hallpass/store';
import { postgresStore } from 'hallpass/stores/postgres';
import { redisStore } from 'hallpass/stores/redis';
import { sqliteStore } from 'hallpass/stores/sqlite';
import pg from 'pg';
import { createClient } from 'redis';
import { startPostgres } from '../../tools/test/postgres.ts';
import { startRedis } from '../../tools/test/redis.ts';

/** The part of a store that can fail on its own. */
export interface StoreServer {
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on what it had on the disk. */
  restart(): Promise<void>;
}

export interface Started extends AsyncDisposable {
  /** Where the processes of the app find it. */
  readonly url: string;
  /** Absent where the store lives in the processes of the app. */
  readonly server?: StoreServer;
}

/** Where sessions are kept, so that nothing acknowledged is lost when a process or server is killed. */
export interface Backend {
  /** @param settings of the server, over those that keep what is acknowledged */
  start(settings?: Record<string, string>): Promise<Started>;
  connect(url: string): Promise<SessionStore & AsyncDisposable>;
}

export type BackendName = 'sqlite' | 'redis' | 'postgres';

export const backends: Readonly<Record<BackendName, Backend>> = {
  sqlite: {
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'hallpass-load-'));
      const remove = async () => rmSync(folder, { recursive: true });
      return { url: join(folder, 'sessions.db'), [Symbol.asyncDispose]: remove };
    },
    async connect(path) {
      const store = sqliteStore(path);
      return { ...store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]?.() };
    },
  },

  redis: {
    async start(settings) {
      const server = await startRedis({ appendonly: 'yes', appendfsync: 'always', ...settings });
      return { url: server.url, server, [Symbol.asyncDispose]: server.close };
    },
    async connect(url) {
      const client = createClient({
        url,
        disableOfflineQueue: true,
        socket: { reconnectStrategy: () => 20 },
      });
      client.on('error', () => {});
      await client.connect();
      return { ...redisStore(client), [Symbol.asyncDispose]: async () => client.destroy() };
    },
  },

  postgres: {
    async start() {
      const server = await startPostgres({ fsync: true });
      return { url: server.url, server, [Symbol.asyncDispose]: server.close };
    },
    async connect(url) {
      const pool = new pg.Pool({ connectionString: url, max: 8 });
      return { ...postgresStore(pool), [Symbol.asyncDispose]: () => pool.end() };
    },
  },
};
