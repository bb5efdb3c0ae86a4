import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryStore } from './memory-store.ts';

const src = new URL('../..', import.meta.url).pathname;
const copy = mkdtempSync(join(src, '../.code-blocks-copy-'));
beforeAll(() => cpSync(src, copy, { recursive: true, filter: (file) => !basename(file).includes('.test.') }));
afterAll(() => rmSync(copy, { recursive: true }));

/** What a program prints that has loaded the library twice, `a` from one place and `b` from another. */
async function withTwoCopies(program: string): Promise<unknown> {
  const load = (folder: string) =>
    ['session', 'store/memory', 'seal']
      .map((room) => `...await import('${join(folder, room, 'index.ts')}')`)
      .join();
  const script = `const a = { ${load(src)} }, b = { ${load(copy)} };
    console.warn = () => {};
    if (a.createSessions === b.createSessions) throw new Error('one copy');
    ${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout);
}

it('who signed out of a sealed session in one copy of the library has signed out in every copy of the process', async () => {
  const program = `
    const key = a.generateKey();
    const [one, other] = [a, b].map((it) => it.createSessions({ sealed: it.keyRing(key) }));
    const login = await one.open(null);
    login.login('ada');
    const [line] = await one.commit(login);
    const cookie = line.split(';')[0];
    const before = (await other.open(cookie)).user;
    const leaving = await one.open(cookie);
    leaving.logout();
    await one.commit(leaving);
    console.log(JSON.stringify([before, (await other.open(cookie)).user ?? null, (await one.open(cookie)).user ?? null]));`;
  expect(await withTwoCopies(program)).toEqual(['ada', null, null]);
});

it('a memory store is shared by its name in all copies, and two stores without one never', async () => {
  const program = `
    const user = async (from, to) => {
      const [one, other] = [a.createSessions({ store: from }), b.createSessions({ store: to })];
      const login = await one.open(null);
      login.login('ada');
      const [line] = await one.commit(login);
      return (await other.open(line.split(';')[0])).user ?? null;
    };
    console.log(JSON.stringify([
      await user(a.memoryStore({ shared: 'desk' }), b.memoryStore({ shared: 'desk' })),
      await user(a.memoryStore({ shared: 'desk' }), b.memoryStore({ shared: 'other' })),
      await user(a.memoryStore(), b.memoryStore()),
    ]));`;
  expect(await withTwoCopies(program)).toEqual(['ada', null, null]);
});

it('S159: a list of revocations is shared by its name too, and sessions with a clock of their own have a list of their own', async () => {
  const program = `
    const lists = [a.memoryRevocations({ shared: 'desk' }), b.memoryRevocations({ shared: 'desk' }), b.memoryRevocations()];
    await lists[0].add('id', 2_000);
    const key = a.generateKey();
    const clock = { now: () => Date.now() };
    const [one, other] = [a, b].map((it) => it.createSessions({ sealed: it.keyRing(key), clock }));
    const session = await one.open(null);
    session.login('ada');
    const [line] = await one.commit(session);
    const cookie = line.split(';')[0];
    const leaving = await one.open(cookie);
    leaving.logout();
    await one.commit(leaving);
    console.log(JSON.stringify([await Promise.all(lists.map((list) => list.has('id', 1_000))), (await other.open(cookie)).user]));`;
  expect(await withTwoCopies(program)).toEqual([[true, true, false], 'ada']);
});

it('a shared name is a text, and what was shared first decides how much it holds', () => {
  expect(() => memoryStore({ shared: '' })).toThrow(TypeError);
  expect(() => memoryStore({ shared: 1 as never })).toThrow(/shared: 'desk'/);
  const first = memoryStore({ shared: 'here', maxRows: 10 });
  expect(memoryStore({ shared: 'here', maxRows: 20 })).toBe(first);
});
