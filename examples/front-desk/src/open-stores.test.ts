import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSessions } from 'hallpass/session';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWith } from '../../../tools/test/parts.ts';
import { startPostgres } from '../../../tools/test/postgres.ts';
import { startRedis } from '../../../tools/test/redis.ts';
import { Stop } from '../../shared/program.ts';
import { createAccounts } from './accounts/accounts.ts';
import { openStores, type Stores } from './open-stores.ts';

const cheap = { ln: 4, r: 8, p: 1 };
const ada = { id: 'ada', name: 'Ada Lovelace', password: 'correct horse battery' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'desk-stores-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('SQLite', () => keeps(async () => ({ where: join(folder, 'desk.sqlite'), close: async () => {} })));
describeWith('redis', 'Redis', () =>
  keeps(async () => {
    const server = await startRedis();
    return { where: server.url, close: server.close };
  }),
);
describeWith('postgres', 'PostgreSQL', () =>
  keeps(async () => {
    const server = await startPostgres();
    return { where: server.url, close: server.close };
  }),
);

/** What is kept in each place, for one process as for the next. */
function keeps(start: () => Promise<{ where: string; close(): Promise<void> }>) {
  let server: Awaited<ReturnType<typeof start>>;
  let one: Stores;
  let other: Stores;
  beforeAll(async () => {
    server = await start();
    one = await openStores(server.where, folder);
    other = await openStores(server.where, folder);
  }, 60_000);
  afterAll(async () => {
    await one?.close();
    await other?.close();
    await server?.close();
  });

  test('accounts are made once, in whichever process', async () => {
    expect(await createAccounts(one.accounts, cheap).signUp(ada)).toEqual({
      id: 'ada',
      name: 'Ada Lovelace',
    });
    expect(await createAccounts(other.accounts, cheap).signUp({ ...ada, name: 'Eve' })).toBeUndefined();
    expect((await createAccounts(other.accounts, cheap).verify('ada', ada.password))?.name).toBe(
      'Ada Lovelace',
    );
    expect(await one.accounts.read('eve')).toBeUndefined();
  });

  test('changes at once lose nothing, and a change or removal of what is gone by fails', async () => {
    const before = await one.accounts.read('ada');
    const [here, there] = [createAccounts(one.accounts, cheap), createAccounts(other.accounts, cheap)];
    await Promise.all([here.setPassword('ada', 'first new one'), there.setPassword('ada', 'other new one')]);
    expect((await one.accounts.read('ada'))?.version).toBe((before?.version ?? 0) + 2);
    expect(before && (await one.accounts.replace(before))).toBe(false);
    expect(await one.accounts.replace({ ...ada, id: 'nobody', passkeys: [], version: 1 })).toBe(false);
    expect(before && (await one.accounts.remove(before))).toBe(false);
    const now = await one.accounts.read('ada');
    expect(now && (await other.accounts.remove(now))).toBe(true);
    expect(await one.accounts.read('ada')).toBeUndefined();
  });

  test('a session of one process is one of the other', async () => {
    const here = createSessions({ store: one.sessions });
    const session = await here.open(null);
    session.login('ada');
    const [line] = await here.commit(session);
    expect((await createSessions({ store: other.sessions }).open(line?.split(';')[0])).user).toBe('ada');
  });
}

test.each([
  'redis://:s3cret@127.0.0.1:1',
  'postgres://ada:s3cret@127.0.0.1:1/desk',
  'mysql://ada:s3cret@host/',
])('%s cannot be used: one sentence, without the password', async (where) => {
  const failure = await openStores(where, folder).catch((error) => error);
  expect(failure).toBeInstanceOf(Stop);
  expect(failure.message).toMatch(
    /^The store at 127\.0\.0\.1:1 cannot be used: ECONNREFUSED\.$|^--store takes/,
  );
});
