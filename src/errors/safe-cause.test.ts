import { inspect } from 'node:util';
import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { HallpassError } from '../errors.ts';
import { createSessions, type SessionEvent } from '../session/index.ts';
import type { SessionStore } from '../store/contract.ts';
import { d1Store } from '../store/d1/index.ts';
import { durableStore } from '../store/durable-object/index.ts';
import { postgresStore } from '../store/postgres/index.ts';
import { redisStore } from '../store/redis/index.ts';
import { sqliteStore } from '../store/sqlite/index.ts';
import { safeCause, withoutCredentials } from './safe-cause.ts';

const password = 'hunter2-of-the-store';
const urls = [
  `redis://app:${password}@db.internal:6379/0`,
  `postgres://app:${password}@db.internal/app?options=a@b`,
  `postgres://app:p@ss-${password}@db.internal/app`,
  `postgres://db.internal/app?user=app&password=${password}&sslmode=require`,
  `libsql://db.internal?authToken=${password}`,
  `host=db.internal password='${password}' user=app`,
  `{"host":"db.internal","password":"${password}"}`,
];

it.each(urls)('takes the password out of %s, and nothing that names the place', (url) => {
  const text = withoutCredentials(`connect to ${url} failed: ECONNREFUSED`);
  expect(text).not.toContain(password);
  expect(text).toMatch(/^connect to .*failed: ECONNREFUSED$/);
});

it('leaves a text without one as it is', () => {
  for (const text of [
    'getaddrinfo ENOTFOUND https://db.internal:6379/',
    'password authentication failed for user "app"',
    'mail ada@example.com',
    'Unexpected token \'<\', "<html>" is not valid JSON',
  ])
    expect(withoutCredentials(text)).toBe(text);
});

it('keeps the stack, the codes and the causes of an error, and says of several what each was', () => {
  const low = Object.assign(new Error(`connect ${urls[0]}`), { code: 'ECONNREFUSED', errno: -111 });
  const all = new AggregateError([low, new Error('::1 too')]);
  const cause = safeCause(Object.assign(new RangeError('cannot', { cause: all }), { options: urls }));
  expect(cause).toMatchObject({ name: 'RangeError', message: 'cannot' });
  expect(cause.stack).toContain('safe-cause.test');
  expect(cause.cause).toMatchObject({ message: 'connect redis://…@db.internal:6379/0; ::1 too' });
  expect(safeCause(low)).toMatchObject({ code: 'ECONNREFUSED', errno: -111 });
  expect(inspect(cause, { depth: 9, showHidden: true })).not.toContain(password);
  expect(safeCause(cause)).toBe(cause);
});

it('leaves an error of ours as it is, unless somebody has put a password into it', () => {
  const ours = new HallpassError('store-unusable', 'No tables.', { cause: safeCause('none') });
  expect(safeCause(ours)).toBe(ours);
  const foreign = new HallpassError('store-unusable', `No tables at ${urls[0]}`);
  expect(safeCause(foreign)).toMatchObject({ code: 'store-unusable' });
  expect(safeCause(foreign).message).not.toContain(password);
  const caused = new HallpassError('store-unusable', 'No tables.', { cause: new Error(urls[1]) });
  expect(inspect(safeCause(caused), { depth: 9 })).not.toContain(password);
});

/** What drivers hang on an error: the command, the options of the connection. */
function fail(): never {
  throw Object.assign(new Error(`connect to ${urls[0]} failed`, { cause: new Error(urls[1]) }), {
    command: { name: 'AUTH', args: ['app', password] },
    client: { options: { url: urls[0], password } },
  });
}
const rejects = async () => fail();

describe.each<[string, () => SessionStore]>([
  ['node-redis', () => redisStore({ evalSha: rejects, eval: rejects, get: rejects, scan: rejects } as never)],
  [
    'node-redis itself',
    () => redisStore(createClient({ url: urls[0]?.replace('db.internal', '127.0.0.1') })),
  ],
  ['ioredis', () => redisStore({ evalsha: rejects, eval: rejects, get: rejects, scan: rejects } as never)],
  ['pg', () => postgresStore({ query: rejects, connect: rejects } as never)],
  ['postgres.js', () => postgresStore(Object.assign(rejects, { unsafe: fail, begin: rejects }) as never)],
  ['SQLite', () => sqliteStore({ exec: fail, prepare: fail, close() {} } as never)],
  ['D1', () => d1Store({ prepare: fail, batch: rejects } as never)],
  ['a Durable Object', () => durableStore({ idFromName: String, get: () => ({ fetch: rejects }) } as never)],
])('%s', (_, make) => {
  it('hands no password of its address on, in an error, an event or by inspection', async () => {
    const thrown: unknown[] = [];
    const note = (error: unknown) => void thrown.push(error);
    const events: SessionEvent[] = [];
    try {
      const store = make();
      await store.read('s', { now: 0 }).catch(note);
      const sessions = createSessions({ store, onEvent: (event) => events.push(event) });
      await sessions.open(`__Host-session=${'A'.repeat(22)}.${'B'.repeat(43)}`).catch(note);
      const session = await sessions.open('');
      session.login('ada');
      await sessions.commit(session).catch(note);
      expect(events.map(({ type }) => type)).toContain('store-failed');
      expect(inspect(sessions, { depth: 9, showHidden: true })).not.toContain(password);
    } catch (error) {
      note(error); // SQLite is asked at once.
    }
    expect(thrown.length).toBeGreaterThan(0);
    expect(inspect([thrown, events], { depth: 12, showHidden: true })).not.toContain(password);
    expect(JSON.stringify(events)).not.toContain(password);
  });
});
