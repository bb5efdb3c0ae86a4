// `node conformance/formats/make-vectors.ts`, after a build: writes what hallpass 0.2 leaves behind, by fixed keys, into conformance/vectors/formats.
// Only for a new form, into a new file: what has been published is never made again.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJar } from 'hallpass/jar/file';
import { keyRing } from 'hallpass/seal';
import { createSessions } from 'hallpass/session';
import type { SessionRecord } from 'hallpass/store';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { createTokens } from 'hallpass/tokens';
import { toValues as postgresRow } from '../../src/store/postgres/rows.ts';
import { toRow as redisRow } from '../../src/store/redis/rows.ts';
import { toValues as sqliteRow } from '../../src/store/sqlite/rows.ts';

const now = Date.UTC(2026, 10, 30);
const key = '9175105710db12f63c0af5fbd8c07397d0b9261dd76db459d68ffbe70c635fd7'; // SHA-256 of 'for the vectors of formats, and for nothing else'
const url = 'https://app.example.com';

/** Every column is filled, and text holds what a form could stumble over. */
const record: SessionRecord = {
  selector: 'AAECAwQFBgcICQoLDA0ODw',
  gen: 3,
  hash: 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ',
  prev: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  prevUntil: now + 60_000,
  nonce: 'EBESExQVFhcYGRobHB0eHw',
  userId: 'ada\n“line”',
  externalIds: ['https://id.example|sid-1', 'https://id.example|sid-2'],
  data: { cart: '["tea","a\\nb"]', __proto: '"own"', 'a key\n': '1', empty: '""' },
  createdAt: now - 7_200_000,
  authenticatedAt: now - 3_600_000,
  seenAt: now - 1_000,
  idle: 3_600_000,
  idleAt: now + 3_599_000,
  absoluteAt: now + 39_600_000,
  remember: true,
  device: 'Firefox on Linux',
};

const clock = testClock(now);
const sealed = createSessions({ sealed: { keys: keyRing(key), revocations: memoryRevocations() }, clock });
const session = await sealed.open(null);
session.login('ada');
session.set('cart', ['tea', 'milk']);
const [sealedLine = ''] = await sealed.commit(session);

const rows: SessionRecord[] = [];
const store = memoryStore();
const watched = {
  ...store,
  create(row: SessionRecord, o: Parameters<typeof store.create>[1]) {
    rows.push(row);
    return store.create(row, o);
  },
};
const tokens = createTokens({ keys: keyRing(key), issuer: url, audience: url, store: watched, clock });
const issued = await tokens.issue('ada', Response.json({}), { role: 'admin' });
const cookie = issued.headers
  .getSetCookie()
  .map((line) => line.split(';')[0])
  .join('; ');

const folder = mkdtempSync(join(tmpdir(), 'hallpass-vectors-'));
const jarFile = join(folder, 'jar');
{
  await using jar = await openJar(jarFile, { clock });
  jar.set('id=7; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400', 'https://shop.example.com/sign-in');
  jar.set('lang=d\u00e9; Domain=example.com; Path=/', 'https://shop.example.com/');
}
const jar = readFileSync(jarFile, 'utf8');
rmSync(folder, { recursive: true });

const vectors = {
  title: 'What hallpass 0.2 wrote on 2026-11-30: later versions read it.',
  now,
  key,
  record,
  rows: { sqlite: sqliteRow(record), postgres: postgresRow(record), redis: redisRow(record) },
  sealed: { cookie: sealedLine.split(';')[0], user: 'ada', data: { cart: ['tea', 'milk'] } },
  tokens: { url, cookie, row: rows[0], user: 'ada', claims: { role: 'admin' } },
  jar,
};
const target = new URL('../vectors/formats/0.2.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(vectors, null, 2)}\n`);
