import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sqliteStore } from './index.ts';

const descriptors = '/proc/self/fd';

it.runIf(existsSync(descriptors)).each<[string, (file: string) => void]>([
  ['is no database', (file) => writeFileSync(file, 'my only copy of a novel, '.repeat(500))],
  [
    'has tables of a later version',
    (file) => {
      const database = new DatabaseSync(file);
      database.exec(
        'CREATE TABLE hallpass_schema (version, oldest); INSERT INTO hallpass_schema VALUES (9, 9)',
      );
      database.close();
    },
  ],
])('a file that %s is closed again', (_, make) => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-open-'));
  const open = () =>
    readdirSync(descriptors)
      .map((name) => join(descriptors, name))
      .filter((link) => existsSync(link) && readlinkSync(link).startsWith(folder));
  try {
    const file = join(folder, 'sessions.db');
    make(file);
    expect(() => sqliteStore(file)).toThrow(file);
    expect(open()).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
