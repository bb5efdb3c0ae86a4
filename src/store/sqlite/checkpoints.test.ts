import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { record, start } from '../../testing/store-contract/sample.ts';
import { sqliteStore } from './index.ts';

const run = promisify(execFile);

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-sqlite-'));
  file = join(folder, 'sessions.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = start + 1;
const data = { cart: 'y'.repeat(500) };

describe('what was written to an SQLite file', () => {
  it('is copied from the log into the file by a thread, and by no request', async () => {
    const store = sqliteStore(file);
    const before = statSync(file).size;
    for (let index = 0; index < 1_000; index += 1) await store.create(record(`s${index}`, { data }), { now });
    await expect.poll(() => statSync(file).size, { timeout: 10_000 }).toBeGreaterThan(before + 100_000);
    expect(await store.read('s999', { now })).toMatchObject({ data });
    await store[Symbol.asyncDispose]?.();
  });

  it('is copied by no request before the thread has begun, either', async () => {
    const store = sqliteStore(file);
    const before = statSync(file).size;
    const long = { cart: 'y'.repeat(60_000) };
    for (let index = 0; index < 100; index += 1)
      await store.create(record(`s${index}`, { data: long }), { now });
    expect(statSync(file).size).toBe(before);
    await store[Symbol.asyncDispose]?.();
    expect(statSync(file).size).toBeGreaterThan(before + 6_000_000);
  });

  it('is copied by the thread while a sweep waits, so that the log stays short', async () => {
    const store = sqliteStore(file);
    for (let index = 0; index < 4_200; index += 1) await store.create(record(`s${index}`), { now });
    expect(await store.sweep(5_000, { now: now + 1e12 })).toBe(4_200);
    await store[Symbol.asyncDispose]?.();
  });

  it('is copied into the file that was opened, though its path means another one meanwhile', async () => {
    const [releases, current] = [join(folder, 'releases'), join(folder, 'current')];
    for (const each of [releases, join(releases, '1'), join(releases, '2')]) mkdirSync(each);
    symlinkSync(join(releases, '1'), current);
    const store = sqliteStore(join(current, 'sessions.db'));
    rmSync(current);
    symlinkSync(join(releases, '2'), current);
    for (let index = 0; index < 300; index += 1) await store.create(record(`s${index}`, { data }), { now });
    await store[Symbol.asyncDispose]?.();
    expect(readdirSync(join(releases, '1')).sort()).toEqual(['sessions.db', 'sessions.db-reserve']);
    expect(readdirSync(join(releases, '2'))).toEqual([]);
  });

  it('is copied into the file of a relative path, also by a process that changes its folder', async () => {
    const script = `
      const { sqliteStore } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).pathname)});
      const stores = ['a.db', 'file:b.db', ${JSON.stringify(`file://${folder}/a%20b/c.db`)}].map((path) => sqliteStore(path));
      process.chdir('other');
      for (let index = 0; index < 300; index += 1)
        for (const store of stores)
          await store.create({ ...${JSON.stringify(record('s', { data }))}, selector: 's' + index }, { now: ${now} });
      for (const store of stores) await store[Symbol.asyncDispose]();`;
    for (const name of ['other', 'a b']) mkdirSync(join(folder, name));
    await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000, cwd: folder });
    const files = ['a.db', 'b.db'].flatMap((name) => [name, `${name}-reserve`]);
    expect(readdirSync(folder).sort()).toEqual(['a b', ...files, 'other']);
    expect(readdirSync(join(folder, 'other'))).toEqual([]);
    expect(readdirSync(join(folder, 'a b')).sort()).toEqual(['c.db', 'c.db-reserve']);
    expect(statSync(join(folder, 'b.db')).mode & 0o777).toBe(0o600);
  });

  it('has no file with parameters: who needs them opens the database', () => {
    expect(() => sqliteStore(`file:${file}?mode=ro`)).toThrow(/open the database/);
  });

  it('is whole when the store is disposed of, and the process may go on', async () => {
    const store = sqliteStore(file);
    for (let index = 0; index < 600; index += 1) await store.create(record(`s${index}`, { data }), { now });
    await store[Symbol.asyncDispose]?.();
    const database = new DatabaseSync(file);
    expect(database.prepare('SELECT count(*) AS count FROM hallpass_sessions').get()).toEqual({ count: 600 });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });

  it('keeps no process alive', async () => {
    const script = `
      const { sqliteStore } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).pathname)});
      const store = sqliteStore(${JSON.stringify(file)});
      for (let index = 0; index < 2_000; index += 1)
        await store.create({ ...${JSON.stringify(record('s', { data }))}, selector: 's' + index }, { now: ${now} });
      console.log('done');`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 20_000,
    });
    expect(stdout).toBe('done\n');
  });

  it('may be read through the memory, by a size in octets', async () => {
    for (const mmapSize of [-1, 0.5, '1' as unknown as number])
      expect(() => sqliteStore(file, { mmapSize })).toThrow(TypeError);
    const database = new DatabaseSync(':memory:');
    expect(() => sqliteStore(database, { mmapSize: 1 })).toThrow('PRAGMA mmap_size');
    database.close();
    const store = sqliteStore(file, { mmapSize: 64 * 1024 * 1024 });
    await store.create(record('s', { data }), { now });
    expect(await store.read('s', { now })).toMatchObject({ data });
    await store[Symbol.asyncDispose]?.();
  });
});
