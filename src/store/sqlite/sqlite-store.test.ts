import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HallpassError } from '../../errors.ts';
import { storeContract } from '../../testing/store-contract/index.ts';
import { absolute, idle, liveRow, record, start } from '../../testing/store-contract/sample.ts';
import type { SessionStore } from '../contract.ts';
import { lateness } from '../record.ts';
import { type SqliteDatabase, sqliteRevocations, sqliteStore } from './index.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-sqlite-'));
  file = join(folder, 'sessions.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = start + 1;
const pairsOf = (all: readonly string[]) =>
  all.flatMap((one) => all.filter((other) => other !== one).map((other) => [one, other] as const));
const dispose = (store: SessionStore) => store[Symbol.asyncDispose]?.();

describe('sqliteStore on two connections to one file', () => {
  const place = async () => {
    const stores: SessionStore[] = [];
    return {
      async open() {
        const store = sqliteStore(file);
        stores.push(store);
        return store;
      },
      async close() {
        for (const store of stores) await dispose(store);
      },
    };
  };
  for (const { name, run } of storeContract(place)) it(name, run);
});

describe('sqliteStore on a database that the caller opened', () => {
  /** A driver that gives rows as objects, as bun:sqlite does. */
  const objectRows = (database: DatabaseSync): SqliteDatabase => ({
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        run: (...values) => statement.run(...values),
        get: (...values) => statement.get(...values) ?? null,
        all: (...values) => statement.all(...values),
      };
    },
  });
  const place = async () => {
    const store = sqliteStore(objectRows(new DatabaseSync(':memory:')));
    return { open: async () => store, close: async () => {} };
  };
  for (const { name, run } of storeContract(place)) it(name, run);

  it('leaves it open, with its own settings and tables', async () => {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 7; CREATE TABLE app (a)');
    const store = sqliteStore(database);
    await store.create(record('s'), { now });
    await dispose(store);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 7 });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    expect(database.prepare('SELECT count(*) AS n FROM hallpass_sessions').get()).toEqual({ n: 1 });
    database.close();
  });
});

describe('a sqliteStore file', () => {
  it('keeps sessions, tombstones and epochs when it is closed and opened again (S73)', async () => {
    const first = sqliteStore(file);
    await first.create(record('alive', { data: { cart: '[1]' } }), { now });
    await first.create(record('ended'), { now });
    await first.revoke('ended', { now });
    const { epoch } = await first.enlist('alice', 'late', { now, until: start + absolute });
    await first.revokeByUser('alice', { now });
    await dispose(first);

    const second = sqliteStore(file);
    expect((await liveRow(second, 'alive', { now }))?.data).toEqual({ cart: '[1]' });
    expect(await second.create(record('ended'), { now })).toBe('gone');
    expect(await second.create(record('other', { userId: 'alice' }), { now, epoch })).toBe('gone');
    await dispose(second);
  });

  it('may be named by a file: URL', async () => {
    for (const name of ['with a blank.db', 'plain.db']) {
      const path = join(folder, name);
      const store = sqliteStore(pathToFileURL(path).href);
      await store.create(record('s'), { now });
      await dispose(store);
      expect(statSync(path).isFile()).toBe(true);
    }
  });

  it('is readable by its owner only', async () => {
    const store = sqliteStore(file);
    await store.create(record('s'), { now });
    for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o077).toBe(0);
    await dispose(store);
  });

  it('holds nothing of a session that was ended', async () => {
    const store = sqliteStore(file);
    const facts = { data: { note: '"a private matter"' }, userId: 'alice-the-user', device: 'her phone' };
    await store.create(record('s', facts), { now });
    await store.revoke('s', { now });
    await dispose(store);
    const database = new DatabaseSync(file);
    expect(JSON.stringify(database.prepare('SELECT * FROM hallpass_sessions').all())).not.toMatch(
      /private|alice|phone|hash of/,
    );
    database.close();
  });

  it('stays small by itself: creating sweeps what has expired', async () => {
    const store = sqliteStore(file);
    for (let index = 0; index < 500; index += 1) {
      const at = start + index * idle;
      const facts = { idleAt: at + idle, absoluteAt: at + absolute };
      await store.create(record(`s${index}`, facts), { now: at });
    }
    await dispose(store);
    const database = new DatabaseSync(file);
    const { n } = database.prepare('SELECT count(*) AS n FROM hallpass_sessions').get() as { n: number };
    expect(n).toBeLessThan(130);
    database.close();
  });

  it('keeps keys that JSON escapes, whatever was parsed before (nodejs/node#63785)', async () => {
    const store = sqliteStore(file);
    for (const [index, [poison, key]] of pairsOf(['"', '\\', '\n', '\r', '\f', '\x01']).entries()) {
      const data = { [`h${index}`]: '1', [key]: '"a value"' };
      await store.create(record(`s${index}`, { data }), { now });
      JSON.parse(JSON.stringify({ [`h${index}`]: [], [poison]: 0 }));
      expect(Object.entries((await liveRow(store, `s${index}`, { now }))?.data ?? {})).toEqual(
        Object.entries(data),
      );
    }
    await dispose(store);
  });

  it('a flood with an expired session writes once: whoever comes later is told by what stands there', async () => {
    const database = new DatabaseSync(file);
    const store = sqliteStore(database);
    await store.create(record('s'), { now });
    const changes = () => database.prepare('SELECT total_changes() AS n').get()?.n as number;
    const before = changes();
    const after = { now: start + idle };
    for (let request = 0; request < 10; request += 1) {
      expect(await store.read('s', after)).toBe('expired');
      expect(await store.touch('s', { gen: 0, ...after })).toBe(false);
    }
    expect(changes() - before).toBe(1);
    database.close();
  });

  it('sweeps more rows than one step looks at', async () => {
    const store = sqliteStore(file);
    for (let index = 0; index < 2_500; index += 1) await store.create(record(`s${index}`), { now });
    expect(await store.sweep(10_000, { now: start + idle })).toBe(2_500);
    await dispose(store);
  });
});

describe('while another connection writes', () => {
  it('a call waits without holding the event loop, and is done when the other has finished', async () => {
    const store = sqliteStore(file);
    await store.create(record('s'), { now });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const patch = store.patch('s', { gen: 0, now, set: { a: '1' } });
    const read = await liveRow(store, 's', { now });
    expect(read?.data).toEqual({});
    other.exec('COMMIT');
    other.close();
    expect(await patch).toHaveProperty('ok');
    await dispose(store);
  });

  it('a call that waited too long says so', async () => {
    const store = sqliteStore(file);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const error = await store.create(record('s'), { now }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'store-unavailable' });
    expect(String(error)).toContain(file);
    other.close();
    await dispose(store);
  });

  it('two processes on one file lose no update (S73, X8)', async () => {
    await dispose(sqliteStore(file));
    const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).pathname);
    const script = `
      const { sqliteStore } = await import(${source('./index.ts')});
      const store = sqliteStore(${JSON.stringify(file)});
      await store.create(JSON.parse(process.argv[1]), { now: ${now} });
      for (let left = 50, seen = '0'; left > 0; ) {
        const set = { n: String(Number(seen) + 1) };
        const result = await store.patch('s', { gen: 0, now: ${now}, set, base: { n: seen } });
        if ('ok' in result) { left -= 1; seen = set.n; } else { seen = result.conflict.n; }
      }`;
    const first = JSON.stringify(record('s', { data: { n: '0' } }));
    const child = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, first]);
    const printed = await Promise.all([child(), child()]);
    expect(printed.map(({ stderr }) => stderr).join('')).toBe('');

    const store = sqliteStore(file);
    expect((await liveRow(store, 's', { now }))?.data.n).toBe('100');
    await dispose(store);
  });
});

describe('a file that cannot be used is named in one sentence, and nothing is overwritten', () => {
  const failure = (open: () => unknown): HallpassError => {
    try {
      open();
    } catch (error) {
      if (error instanceof HallpassError) return error;
      throw error;
    }
    throw new Error('It was opened.');
  };
  const expectUnusable = (says: RegExp) => {
    for (const open of [sqliteStore, sqliteRevocations]) {
      const error = failure(() => open(file));
      expect(error.code).toBe('store-unusable');
      expect(error.message).toContain(file);
      expect(error.message).toMatch(says);
      expect(error.message).not.toContain('\n');
    }
  };
  const expectUntouched = (bytes: Buffer) => expect(readFileSync(file).equals(bytes)).toBe(true);
  const filled = async (rows: number): Promise<Buffer> => {
    const store = sqliteStore(file);
    for (let index = 0; index < rows; index += 1) await store.create(record(`s${index}`), { now });
    await dispose(store);
    return readFileSync(file);
  };

  it('a text file', () => {
    const text = Buffer.from('my only copy of a novel, '.repeat(500));
    writeFileSync(file, text);
    expectUnusable(/not an SQLite database/);
    expectUntouched(text);
  });

  it('a database whose pages were overwritten', async () => {
    const bytes = await filled(10);
    bytes.fill(0x41, 100, 4096);
    writeFileSync(file, bytes);
    expectUnusable(/corrupt/);
    expectUntouched(bytes);
  });

  it('a database that was cut', async () => {
    await filled(100);
    truncateSync(file, 5_000);
    const bytes = readFileSync(file);
    expectUnusable(/corrupt/);
    expectUntouched(bytes);
  });

  it('a database whose rows turn out to be corrupt later', async () => {
    const bytes = await filled(500);
    bytes.fill(0x41, 8 * 4096);
    writeFileSync(file, bytes);
    const store = sqliteStore(file);
    const reads = Array.from({ length: 500 }, (_, index) => store.read(`s${index}`, { now }));
    const errors = (await Promise.allSettled(reads)).flatMap((one) =>
      one.status === 'rejected' ? one.reason : [],
    );
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatchObject({ code: 'store-unusable' });
    await dispose(store);
  });

  it('a database of a newer hallpass', async () => {
    await filled(1);
    const database = new DatabaseSync(file);
    database.exec('UPDATE hallpass_schema SET version = 99, oldest = 3');
    database.close();
    const bytes = readFileSync(file);
    expectUnusable(/schema 99.*upgrade hallpass/);
    expectUntouched(bytes);
  });

  it('a folder', () => {
    file = folder;
    expectUnusable(/cannot be opened/);
  });

  it('a path below a folder that is not there', () => {
    file = join(folder, 'no', 'such', 'sessions.db');
    expectUnusable(/folder exists/);
  });

  it('a database that may only be read', async () => {
    await filled(1);
    const error = failure(() => sqliteStore(new DatabaseSync(file, { readOnly: true })));
    expect(error.code).toBe('store-unusable');
    expect(error.message).toMatch(/read-only/);
  });

  it('no path at all is a mistake in the program', () => {
    expect(() => sqliteStore('')).toThrow(TypeError);
  });
});

describe('a store that is disposed of', () => {
  const filledStore = async (count: number) => {
    const store = sqliteStore(file);
    for (let index = 0; index < count; index += 1) await store.create(record(`s${index}`), { now });
    return store;
  };

  it('may be so twice, also at once', async () => {
    const store = await filledStore(300);
    await Promise.all([dispose(store), dispose(store)]);
    await dispose(store);
    const list = sqliteRevocations(file);
    await list[Symbol.asyncDispose]();
    await list[Symbol.asyncDispose]();
  });

  it('says so to whoever calls it, and to what is under way', async () => {
    const store = await filledStore(5);
    const sweeping = store.sweep(1_000, { now: now + 1e12 });
    await dispose(store);
    const closed = { code: 'store-unusable', message: expect.stringMatching(/was closed .* disposed of/) };
    await expect(sweeping).rejects.toMatchObject(closed);
    const s0 = record('s0');
    await expect(store.read('s0', { now })).rejects.toMatchObject(closed);
    await expect(store.create(s0, { now })).rejects.toMatchObject(closed);
    await expect(store.revoke('s0', { now })).rejects.toMatchObject(closed);
  });
});

describe('sqliteRevocations', () => {
  it('knows a revoked id until it would have expired by itself, after a restart too', async () => {
    const first = sqliteRevocations(file);
    await first.add('id', start + 10);
    await first.add('id', start + 5);
    await first[Symbol.asyncDispose]();
    const list = sqliteRevocations(file);
    expect(await list.has('id', start + 9)).toBe(true);
    expect(await list.has('other', start)).toBe(false);
    expect(await list.has('id', start + 10)).toBe(false);
    await list[Symbol.asyncDispose]();
  });

  it('forgets expired ids, once no call can come any more that took its time before', async () => {
    const list = sqliteRevocations(file);
    for (let index = 0; index < 100; index += 1) {
      // A clock that was a day ahead for a moment is right again.
      await list.has('any', start + index + (index === 98 ? 86_400_000 : 0));
      await list.add(`id${index}`, start + index + 1);
    }
    expect(await list.has('id0', start)).toBe(true);
    for (let index = 0; index < 200; index += 1) {
      await list.has('any', start + 99 + lateness);
      await list.add('id99', start + 100);
    }
    expect([await list.has('id0', start), await list.has('id99', start + 99)]).toEqual([false, true]);
    await list[Symbol.asyncDispose]();
    const database = new DatabaseSync(file);
    const row = database.prepare('SELECT count(*) AS n FROM hallpass_revocations').get();
    expect(row).toEqual({ n: 1 });
    database.close();
  });
});
