import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessions, type StoredSessions } from '../../session/index.ts';
import { testClock } from '../../testing/clock.ts';
import { sqliteRevocations, sqliteStore } from './index.ts';

const megabyte = 1024 * 1024;

/** A file system of so many megabytes; undefined where this user may not mount one. */
function mount(folder: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-mount-'));
  const may = mount(folder, 1);
  if (may) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return may;
}

describe.skipIf(!mayMount())('SQLite on a disk that is full', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-full-'));
    mount(folder, 8);
    file = join(folder, 'sessions.db');
  });
  afterEach(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const cookieOf = (lines: readonly string[]) => lines.map((line) => line.split(';')[0]).join('; ');
  async function signIn(sessions: StoredSessions, user: string): Promise<string> {
    const session = await sessions.open(null);
    session.login(user);
    return cookieOf(await sessions.commit(session));
  }
  const userOf = async (sessions: StoredSessions, cookie: string) => (await sessions.open(cookie)).user;

  /** Sessions until there is room for none, and then the rest of the disk. */
  async function fill(sessions: StoredSessions): Promise<number> {
    for (let count = 0; ; count += 1) {
      const session = await sessions.open(null);
      session.set('cart', 'y'.repeat(3_000));
      try {
        await sessions.commit(session);
      } catch (error) {
        expect(error).toMatchObject({ code: 'store-unavailable' });
        takeTheRest();
        return count;
      }
    }
  }
  let fillers = 0;
  function takeTheRest(): void {
    for (let size = megabyte; size >= 512; )
      try {
        writeFileSync(join(folder, `filler ${fillers++}`), Buffer.alloc(size));
      } catch {
        size = Math.trunc(size / 2);
      }
  }

  it('sessions end all the same, by a logout, by revokeAll and by their deadline', async () => {
    const clock = testClock();
    const store = sqliteStore(file);
    const sessions = createSessions({ store, clock });
    const [phone, desktop, other] = [
      await signIn(sessions, 'ada'),
      await signIn(sessions, 'ada'),
      await signIn(sessions, 'bob'),
    ];
    expect(await fill(sessions)).toBeGreaterThan(100);
    const session = await sessions.open(phone);
    session.logout();
    await sessions.commit(session);
    expect(await userOf(sessions, phone)).toBeUndefined();
    takeTheRest();
    expect(await sessions.revokeAll('ada')).toBe(1);
    expect(await userOf(sessions, desktop)).toBeUndefined();
    expect(await userOf(sessions, other)).toBe('bob');
    takeTheRest();
    clock.advance('2h');
    expect(await userOf(sessions, other)).toBeUndefined();
    await store[Symbol.asyncDispose]?.();
  });

  it('everything ends, the first time and the next', async () => {
    const clock = testClock();
    const store = sqliteStore(file);
    const sessions = createSessions({ store, clock });
    const cookie = await signIn(sessions, 'ada');
    await fill(sessions);
    for (const time of ['the first', 'the next']) {
      takeTheRest();
      await sessions.revokeEverything();
      expect(await userOf(createSessions({ store, clock }), cookie), time).toBeUndefined();
    }
    await store[Symbol.asyncDispose]?.();
  });

  it('a sweep makes room for new sessions, and no more of the disk is needed', async () => {
    const clock = testClock();
    const store = sqliteStore(file);
    const sessions = createSessions({ store, clock });
    const count = await fill(sessions);
    clock.advance('2h');
    expect(await sessions.sweep()).toBeGreaterThanOrEqual(count);
    const cookie = await signIn(sessions, 'ada');
    expect(await userOf(sessions, cookie)).toBe('ada');
    expect(await fill(sessions)).toBeGreaterThan(100);
    clock.advance('2h');
    expect(await sessions.sweep()).toBeGreaterThan(100);
    await store[Symbol.asyncDispose]?.();
  });

  it('a process that starts there can sweep too, and an id can be revoked', async () => {
    const clock = testClock();
    const first = sqliteStore(file);
    const count = await fill(createSessions({ store: first, clock }));
    await first[Symbol.asyncDispose]?.();
    takeTheRest();
    const store = sqliteStore(file);
    await using revocations = sqliteRevocations(file);
    await revocations.add('an id', clock.now() + 1_000);
    expect(await revocations.has('an id', clock.now())).toBe(true);
    clock.advance('2h');
    expect(await createSessions({ store, clock }).sweep()).toBeGreaterThanOrEqual(count);
    await store[Symbol.asyncDispose]?.();
  });

  it('a process can start there though the log, which SQLite makes when it opens a file, has no room', async () => {
    const clock = testClock();
    const first = sqliteStore(file);
    const cookie = await signIn(createSessions({ store: first, clock }), 'ada');
    await first[Symbol.asyncDispose]?.();
    takeTheRest();
    expect([existsSync(`${file}-wal`), statfsSync(folder).bavail]).toEqual([false, 0]);
    const store = sqliteStore(file);
    const sessions = createSessions({ store, clock });
    expect([await userOf(sessions, cookie), await sessions.revokeAll('ada')]).toEqual(['ada', 1]);
    expect(await userOf(sessions, cookie)).toBeUndefined();
    await store[Symbol.asyncDispose]?.();
  });

  it('room is kept for it in a file of its own, and taken again once there is some', async () => {
    const clock = testClock();
    const store = sqliteStore(file);
    const sessions = createSessions({ store, clock });
    const reserve = `${file}-reserve`;
    expect(existsSync(reserve)).toBe(true);
    await signIn(sessions, 'ada');
    await fill(sessions);
    expect(existsSync(reserve)).toBe(true);
    expect(statfsSync(folder).bavail).toBe(0);
    expect(await sessions.revokeAll('ada')).toBe(1);
    clock.advance('2h');
    await sessions.sweep();
    for (let index = 0; index < fillers; index += 1) rmSync(join(folder, `filler ${index}`), { force: true });
    await store[Symbol.asyncDispose]?.();
    await using _ = sqliteRevocations(file);
    expect(existsSync(reserve)).toBe(true);
  });
});
