import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkpoints } from './checkpoints.ts';

const threads = process.getBuiltinModule('node:worker_threads');
const RealWorker = threads.Worker;

let folder: string;
let file: string;
let database: DatabaseSync;
let begun: Worker[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-checkpoints-'));
  file = join(folder, 'sessions.db');
  database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (text TEXT)');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  begun = [];
  // The thread is the real one; who looks at it from here has to know which it is.
  threads.Worker = class extends RealWorker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      begun.push(this);
    }
  };
});
afterEach(() => {
  threads.Worker = RealWorker;
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = () => database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
const size = () => statSync(file).size;
const pagesBeforeSqliteCopies = () => database.prepare('PRAGMA wal_autocheckpoint').get()?.wal_autocheckpoint;

describe('the thread that copies the log of an SQLite file', () => {
  it('has copied it when copied() resolves, also what was written while an earlier copy was under way', async () => {
    const checkpoints = new Checkpoints(file, database);
    for (let count = 0; count < 256; count += 1) checkpoints.written();
    expect(begun).toHaveLength(1);
    for (let count = 0; count < 5; count += 1) write();
    await checkpoints.copied();
    expect(size()).toBeGreaterThan(500_000);
    for (let count = 0; count < 5; count += 1) write();
    await checkpoints.copied();
    expect(size()).toBeGreaterThan(1_000_000);
    expect(begun).toHaveLength(1);
    await checkpoints.end();
  });

  it('makes copied() wait for a copy of its own, behind the one that was under way', async () => {
    const checkpoints = new Checkpoints(file, database);
    for (let count = 0; count < 256; count += 1) checkpoints.written();
    const answers: unknown[] = [];
    begun[0]?.on('message', (word) => answers.push(word));
    await checkpoints.copied();
    expect(answers).toEqual(['checkpoint', 'checkpoint']);
    await checkpoints.end();
  });

  it('leaves the copies to SQLite when it ends by itself, and who waits for it waits no longer', async () => {
    const checkpoints = new Checkpoints(file, database);
    expect(pagesBeforeSqliteCopies()).toBe(16_000);
    const copied = checkpoints.copied();
    await begun[0]?.terminate();
    await copied;
    expect(pagesBeforeSqliteCopies()).toBe(1_000);
    for (let count = 0; count < 512; count += 1) checkpoints.written();
    await checkpoints.copied();
    expect(begun).toHaveLength(1);
    await checkpoints.end();
  });

  it('does so, too, when it cannot open the file', async () => {
    const checkpoints = new Checkpoints(join(folder, 'nowhere', 'sessions.db'), database);
    await checkpoints.copied();
    expect(pagesBeforeSqliteCopies()).toBe(1_000);
    await checkpoints.copied();
    expect(begun).toHaveLength(1);
    await checkpoints.end();
  });

  it('or when the runtime begins none, and asks for none again', async () => {
    let asked = 0;
    threads.Worker = class extends RealWorker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        asked += 1;
        if (asked > 0) throw new Error('no threads here');
        super(...given);
      }
    };
    const checkpoints = new Checkpoints(file, database);
    for (let count = 0; count < 512; count += 1) checkpoints.written();
    await checkpoints.copied();
    expect([pagesBeforeSqliteCopies(), asked]).toEqual([1_000, 1]);
    await checkpoints.end();
  });

  it('and leaves nothing to it when it was ended', async () => {
    const checkpoints = new Checkpoints(file, database);
    await checkpoints.copied();
    await checkpoints.end();
    expect(pagesBeforeSqliteCopies()).toBe(16_000);
    await checkpoints.copied();
    expect(begun).toHaveLength(1);
  });
});
