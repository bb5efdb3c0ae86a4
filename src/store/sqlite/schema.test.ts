import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveRow, record, start } from '../../testing/store-contract/sample.ts';
import type { SessionStore } from '../contract.ts';
import { sqliteRevocations, sqliteStore } from './index.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-sqlite-'));
  file = join(folder, 'sessions.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = start + 1;
const dispose = async (store: SessionStore) => store[Symbol.asyncDispose]?.();

/** A process that opens the file and prints what the session holds, once it has come so far. */
async function another(): Promise<{ end: Promise<string> }> {
  const module = JSON.stringify(new URL('./index.ts', import.meta.url).pathname);
  const script = `
    const { sqliteStore } = await import(${module});
    process.stderr.write('opening');
    const store = sqliteStore(${JSON.stringify(file)});
    console.log(JSON.stringify((await store.read('s', { now: ${now} })).data));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const closed = once(child, 'close');
  await once(child.stderr, 'data');
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  return { end: closed.then(() => printed) };
}

describe('a file of the first schema is brought to the present one', () => {
  it('and sessions live on, with all their data', async () => {
    const data = { '"': '"quoted"', 'a\nb': '[1, {"\\"":2}]', 日本: '{}', '': 'null' };
    const first = sqliteStore(file);
    await first.create(record('s', { data }), { now });
    await first.create(record('empty'), { now });
    await first.create(record('ended', { data }), { now });
    await first.revoke('ended', { now });
    await dispose(first);
    const database = new DatabaseSync(file);
    database.exec("UPDATE hallpass_schema SET version = 1; UPDATE hallpass_sessions SET data = '{}'");
    database.prepare("UPDATE hallpass_sessions SET data = ? WHERE selector = 's'").run(JSON.stringify(data));
    database.close();

    const [store, other] = [sqliteStore(file), sqliteStore(file)];
    expect(await store.read('s', { now })).toEqual(record('s', { data }));
    expect((await liveRow(other, 'empty', { now }))?.data).toEqual({});
    expect(await other.create(record('ended'), { now })).toBe('gone');
    await other.patch('s', { gen: 0, now, set: { '"': '1' }, base: { '"': '"quoted"' } });
    expect((await liveRow(store, 's', { now }))?.data['"']).toBe('1');
    await dispose(store);
    await dispose(other);
  });

  it('once, by several processes that open it at the same time and wait for each other', async () => {
    const first = sqliteStore(file);
    await first.create(record('s'), { now });
    await dispose(first);
    const database = new DatabaseSync(file);
    database.exec(
      `UPDATE hallpass_schema SET version = 1; UPDATE hallpass_sessions SET data = '{"a":"[1]"}'`,
    );
    // Longer than a call waits: so long a large file may take.
    database.exec('BEGIN IMMEDIATE');
    const processes = await Promise.all([another(), another(), another()]);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    database.exec('COMMIT');
    database.close();
    const printed = await Promise.all(processes.map(({ end }) => end));
    expect(printed).toEqual(Array(3).fill('{"a":"[1]"}\n'));
  }, 30_000);
});

describe('a file of the minor version after this one', () => {
  it('serves processes of this one, at work or started again', async () => {
    const atWork = sqliteStore(file);
    await atWork.create(record('before'), { now });
    const database = new DatabaseSync(file);
    // What a later version may do: add columns, and say who may still work with the tables.
    for (const table of ['schema', 'sessions', 'members', 'epochs', 'revocations'])
      database.exec(`ALTER TABLE hallpass_${table} ADD COLUMN later TEXT`);
    database.exec(
      `UPDATE hallpass_schema SET version = 3, oldest = 2; UPDATE hallpass_sessions SET later = 'kept'`,
    );
    const restarted = sqliteStore(file);
    for (const store of [atWork, restarted]) {
      expect(await store.patch('before', { gen: 0, now, set: { a: '1' } })).toHaveProperty('ok');
      expect(await store.read('before', { now })).toMatchObject({ data: { a: '1' } });
      const { epoch } = await store.enlist('ada', 'after', { now, until: now + 1_000 });
      expect(await store.create(record('after', { userId: 'ada' }), { now, epoch })).toBe('created');
      expect(await store.revokeByUser('ada', { now })).toBe(1);
      database.exec("DELETE FROM hallpass_sessions WHERE selector = 'after'");
      await dispose(store);
    }
    await using revocations = sqliteRevocations(file);
    await revocations.add('id', now);
    expect(database.prepare('SELECT later FROM hallpass_sessions').all()).toEqual([{ later: 'kept' }]);
    expect(database.prepare('SELECT version FROM hallpass_schema').get()).toEqual({ version: 3 });
    database.close();
  });
});
