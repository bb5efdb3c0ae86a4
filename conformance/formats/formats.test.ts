import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJar } from 'hallpass/jar/file';
import { keyRing } from 'hallpass/seal';
import { createSessions } from 'hallpass/session';
import type { SessionRecord } from 'hallpass/store';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { createTokens } from 'hallpass/tokens';
import { describe, expect, test } from 'vitest';
import { toRecord as fromPostgres, toValues as toPostgres } from '../../src/store/postgres/rows.ts';
import { toRecord as fromRedis, toRow as toRedis } from '../../src/store/redis/rows.ts';
import { toRecord as fromSqlite, toValues as toSqlite } from '../../src/store/sqlite/rows.ts';
import published from '../vectors/formats/0.2.json' with { type: 'json' };

const { now, key, rows, sealed, tokens } = published;
const record: SessionRecord = published.record;

/** A test that fails here says that an upgrade would sign visitors out. docs/stores.md says how long a form is read. */
describe('what hallpass 0.2 wrote is read', () => {
  test('a row of SQLite, D1 and Durable Objects', () => {
    expect(fromSqlite(record.selector, rows.sqlite)).toEqual(record);
  });

  test('a row of PostgreSQL', () => {
    expect(fromPostgres(rows.postgres)).toEqual(record);
  });

  test('a row of Redis, and a tombstone', () => {
    expect(fromRedis(record.selector, rows.redis)).toEqual(record);
    expect(fromRedis(record.selector, 'x\nmx2i4f88')).toBe('revoked');
  });

  test('a sealed session', async () => {
    const clock = testClock(now + 60_000);
    const options = { keys: keyRing(key), revocations: memoryRevocations() };
    const session = await createSessions({ sealed: options, clock }).open(sealed.cookie);
    expect([session.user, session.data]).toEqual([sealed.user, sealed.data]);
  });

  test('a refresh token and its row, and an access token', async () => {
    const clock = testClock(now + 60_000);
    const { url } = tokens;
    const store = memoryStore();
    await store.create(tokens.row, { now });
    const made = createTokens({ keys: keyRing(key), issuer: url, audience: url, store, clock });
    const request = new Request(url, { headers: { cookie: tokens.cookie } });
    expect(await made.authenticate(request)).toMatchObject({
      allowed: true,
      user: tokens.user,
      claims: tokens.claims,
    });
    const refreshed = new Headers();
    expect(await made.refresh(request, refreshed)).toMatchObject({ allowed: true });
    expect(refreshed.getSetCookie()).toHaveLength(2);
  });

  test('the file of a jar', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-formats-'));
    try {
      writeFileSync(join(folder, 'jar'), published.jar);
      await using jar = await openJar(join(folder, 'jar'), { clock: testClock(now + 60_000) });
      expect(jar.header('https://shop.example.com/')).toBe('id=7; lang=d\u00c3\u00a9'); // octets
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('rows are written as hallpass 0.2 wrote them, so that processes of both versions share a store', () => {
  expect([toSqlite(record), toPostgres(record), toRedis(record)]).toEqual([
    rows.sqlite,
    rows.postgres,
    rows.redis,
  ]);
});
