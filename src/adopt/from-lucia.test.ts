import { DatabaseSync } from 'node:sqlite';
import { BetterSqlite3Adapter } from '@lucia-auth/adapter-sqlite';
import { Lucia } from 'lucia';
import { lucia as lucia2 } from 'lucia2';
import { describe, expect, it } from 'vitest';
import { adopting } from '../../tools/test/adopting.ts';
import type { Shop } from '../../tools/test/shop.ts';
import { fromLucia } from './index.ts';

const takeOver = ({ user_id }: { user_id?: string }) => ({ user: user_id });

/** An application on Lucia 3 with its adapter for SQLite. */
function version3() {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE TABLE user (id TEXT PRIMARY KEY);
    CREATE TABLE session (id TEXT PRIMARY KEY COLLATE NOCASE, user_id TEXT NOT NULL, expires_at INTEGER NOT NULL);
    INSERT INTO user VALUES ('ada')`);
  const lucia = new Lucia(new BetterSqlite3Adapter(db as never, { user: 'user', session: 'session' }));
  const signIn = async () => (await lucia.createSession('ada', {})).id;
  const find = (id: string) => db.prepare('SELECT * FROM session WHERE id = ?').get(id);
  const remove = (id: string) => db.prepare('DELETE FROM session WHERE id = ?').run(id);
  const isValid = async (id: string) => (await lucia.validateSession(id)).session !== null;
  return { signIn, find, remove, isValid };
}

/** An application on Lucia 2, with what it gives its adapter. */
function version2() {
  const kept = new Map<string, object>();
  const adapter = {
    setSession: async (session: { id: string }) => void kept.set(session.id, session),
    getSession: async (id: string) => kept.get(id) ?? null,
    getUser: async (id: string) => ({ id }),
    deleteSession: async (id: string) => void kept.delete(id),
  };
  const auth = lucia2({ env: 'PROD', adapter: (() => adapter) as never });
  const signIn = async () => (await auth.createSession({ userId: 'ada', attributes: {} })).sessionId;
  const find = (id: string) => kept.get(id);
  const isValid = async (id: string) => kept.has(id);
  return { signIn, find, remove: (id: string) => kept.delete(id), isValid };
}

describe.each([
  ['2', version2, '16d'],
  ['3', version3, '31d'],
] as const)('a visitor of Lucia %s', (_, app, life) => {
  it('is taken over, the cookie is expired in the answer, and the row goes after the grace', async () => {
    const { signIn, isValid, ...table } = app();
    const { sessions, clock } = adopting(fromLucia<Shop>({ ...table, takeOver }));
    const id = await signIn();
    const session = await sessions.open(`auth_session=${id}`);
    expect(session.user).toBe('ada');
    expect(await sessions.commit(session)).toEqual([
      'auth_session=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      expect.stringMatching(/^__Host-session=/),
    ]);
    expect(await isValid(id)).toBe(true);
    clock.advance('60s');
    await new Promise(setImmediate);
    expect(await isValid(id)).toBe(false);
  });

  it('by a takeOver that waits, and a rejection of it is an event', async () => {
    const { signIn, isValid: _, ...table } = app();
    const cookie = `auth_session=${await signIn()}`;
    const waiting = fromLucia<Shop>({ ...table, takeOver: async (old) => takeOver(old) });
    expect(await adopting(waiting).outcome(cookie)).toBe('ada');
    const failing = fromLucia<Shop>({ ...table, takeOver: () => Promise.reject(new Error('away')) });
    expect(await adopting(failing).outcome(cookie)).toBe('failed');
  });

  it('of parallel requests all go on in one session', async () => {
    const { signIn, isValid: _, ...table } = app();
    const { users, lines } = await adopting(fromLucia<Shop>({ ...table, takeOver })).together(
      `auth_session=${await signIn()}`,
    );
    expect(users).toEqual(['ada', 'ada']);
    expect(lines[0]).toEqual(lines[1]);
  });

  it('until its session expires, and not with an id that is unknown or of another spelling', async () => {
    const { signIn, isValid: _, ...table } = app();
    const { outcome, clock } = adopting(fromLucia<Shop>({ ...table, takeOver }));
    const id = await signIn();
    expect(await outcome(`auth_session=${id}`)).toBe('ada');
    expect(await outcome(`auth_session=${id.slice(1)}`)).toBe('unknown');
    expect(await outcome(`auth_session=${id.toUpperCase()}`)).toBe('unknown');
    for (const value of ['', '%00', 'a'.repeat(300), 'é']) {
      expect(await outcome(`auth_session=${value}`)).toBe('malformed');
    }
    clock.advance(life);
    expect(await outcome(`auth_session=${id}`)).toBe('expired');
  });
});

it.each([
  ['a Date', { expires_at: new Date(Date.now() + 60_000) }, 'ada'],
  ['a bigint in text', { idle_expires: String(Date.now() + 60_000) }, 'ada'],
  ['columns by other names', { expiresAt: new Date(Date.now() + 60_000) }, 'ada'],
  ['milliseconds meant as seconds', { expires_at: Date.now() + 60_000 }, 'failed'],
  ['no end', {}, 'failed'],
  ['an end that is none', { expires_at: 'soon' }, 'failed'],
  ['a Date that is none', { expires_at: new Date(Number.NaN) }, 'failed'],
  ['a user that is none', { expires_at: new Date(Date.now() + 60_000), user_id: 3 }, 'failed'],
])('a row with %s', async (_, row, expected) => {
  const options = { find: async () => ({ user_id: 'ada', ...row }), remove: () => {}, takeOver };
  expect(await adopting(fromLucia<Shop>(options as never)).outcome('auth_session=x')).toBe(expected);
});

it('a database that is away is a 503', async () => {
  const find = () => Promise.reject(new Error('away'));
  const { sessions } = adopting(fromLucia<Shop>({ find, remove: () => {}, takeOver }));
  await expect(sessions.open('auth_session=x')).rejects.toMatchObject({ status: 503 });
});

it.each([[undefined], [{ takeOver }], [{ takeOver, find() {} }], [{ find() {}, remove() {} }]])(
  '%j is misuse',
  (options) => {
    expect(() => fromLucia(options as never)).toThrow(TypeError);
  },
);
