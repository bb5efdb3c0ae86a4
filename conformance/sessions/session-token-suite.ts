import { createSessions } from 'hallpass/session';
import type { SessionRecord } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { type Case, equal } from '../case.ts';
import vector from '../vectors/session/session-token.json' with { type: 'json' };

const { name, selector, verifier, hash, nonce, successor, successorHash } = vector;
const start = Date.UTC(2026, 10, 21);
const hour = 3_600_000;
const cookie = (proof: string) => `${name}=${selector}.${proof}`;

/** A session's row and its cookie, whatever runtime wrote them: a hash, a swap or an encoding that differs locks visitors out. */
export const sessionTokens: Case[] = [
  {
    name: 'a cookie that another runtime gave out opens the row that it wrote',
    async run() {
      const { sessions } = await withRow({ hash });
      const session = await sessions.open(cookie(verifier));
      equal([session.user, session.get('note')], ['ada', 'kept'], 'the session');
    },
  },
  {
    name: 'any other verifier is nobody, and nothing is emitted',
    async run() {
      const { sessions } = await withRow({ hash });
      for (const proof of [successor, nonce, verifier.replace(/.$/, 'A'), verifier.toLowerCase(), '']) {
        const session = await sessions.open(cookie(proof));
        equal([session.user, await sessions.commit(session)], [undefined, []], proof);
      }
    },
  },
  {
    name: 'the verifier before a rotation of another runtime is served, and re-sent the successor that it derived',
    async run() {
      const { sessions, clock } = await withRow({
        hash: successorHash,
        prev: hash,
        prevUntil: start + 60_000,
        nonce,
      });
      const session = await sessions.open(cookie(verifier));
      const [line] = await sessions.commit(session);
      equal([session.user, line?.split(';')[0]], ['ada', cookie(successor)], 'inside the grace');
      equal((await sessions.open(cookie(successor))).user, 'ada', 'the successor');
      clock.advance('2m');
      equal((await sessions.open(cookie(verifier))).user, undefined, 'after the grace');
    },
  },
  {
    name: 'what this runtime gives out it opens, through login, two tabs that rotate at once, and logout',
    async run() {
      const { sessions } = make();
      const first = await sessions.open('');
      first.login('grace', { remember: true });
      const born = pairOf(await sessions.commit(first));
      const [one, other] = [await sessions.open(born), await sessions.open(born)];
      one.rotate();
      other.rotate();
      const tabs = [pairOf(await sessions.commit(one)), pairOf(await sessions.commit(other))];
      equal(tabs[0] === tabs[1] && tabs[0] !== born, true, 'both tabs hold the same successor');
      const last = await sessions.open(tabs[0]);
      equal(last.user, 'grace', 'user');
      last.logout();
      equal(pairOf(await sessions.commit(last)), '__Host-session=', 'the erased cookie');
      equal((await sessions.open(tabs[1])).user, undefined, 'after logout');
    },
  },
];

const pairOf = (lines: readonly string[]) => lines[0]?.split(';')[0] ?? '';

function make() {
  const [store, clock] = [memoryStore(), testClock(start)];
  return { store, clock, sessions: createSessions<{ note: string }>({ store, clock }) };
}

async function withRow(facts: Pick<SessionRecord, 'hash'> & Partial<SessionRecord>) {
  const made = make();
  const row: SessionRecord = {
    selector,
    gen: 1,
    userId: 'ada',
    data: { note: '"kept"' },
    createdAt: start,
    authenticatedAt: start,
    seenAt: start,
    idle: hour,
    idleAt: start + hour,
    absoluteAt: start + 12 * hour,
    remember: false,
    ...facts,
  };
  await made.store.create(row, { now: start });
  return made;
}
