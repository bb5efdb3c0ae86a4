import { describe, expect, it } from 'vitest';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { CookieJar } from '../jar/index.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { memoryRevocations } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import {
  type CommonOptions,
  createSessions,
  type Session,
  type SessionCookieOptions,
  type Sessions,
} from './index.ts';

const page = 'https://app.example.com/account';
type Make = (cookie: SessionCookieOptions) => Sessions;
const former = [
  { name: 'sid', domain: null },
  { name: 'id', domain: 'example.com' },
];

function start(make: (options: CommonOptions<Record<string, unknown>>) => Sessions) {
  const jar = new CookieJar();
  const clock = testClock(1_700_000_000_000);
  const named: Make = (cookie) => make({ cookie, clock });
  const answer = async (sessions: Sessions, session: Session) => {
    const lines = await sessions.commit(session);
    for (const line of lines) jar.set(line, page);
    return lines;
  };
  const request = async (sessions: Sessions, handler: (session: Session) => void = () => {}) => {
    const session = await sessions.open(jar.header(page));
    handler(session);
    await answer(sessions, session);
    return session.user;
  };
  const cookie = () => jar.header(page) ?? '';
  const next = named({ name: 'now', domain: 'example.com', former });
  return {
    cookie,
    clock,
    answer,
    request,
    next,
    old: named({ name: 'sid' }),
    older: named({ name: 'id', domain: 'example.com' }),
  };
}

function itIsKept(make: () => (options: CommonOptions<Record<string, unknown>>) => Sessions) {
  it.each(['old', 'older'] as const)(
    'a session under the %s name goes on, and has the present cookie alone after one answer',
    async (name) => {
      const { request, cookie, next, [name]: before } = start(make());
      await request(before, (session) => session.login('ada'));
      expect(await request(next)).toBe('ada');
      expect(cookie()).toMatch(/^now=[^;]*$/);
      expect(await request(next)).toBe('ada');
    },
  );

  it('what is written in the first request is kept', async () => {
    const { request, cookie, next, old } = start(make());
    await request(old, (session) => session.login('ada'));
    await request(next, (session) => session.set('theme', 'dark'));
    expect((await next.open(cookie())).get('theme')).toBe('dark');
  });

  it('several cookies of it are told of', async () => {
    const { next } = start(make());
    const session = await next.open('sid=a; sid=b; id=c');
    expect(session.explain().warnings).toMatchObject([{ code: 'duplicate-cookie', facts: { name: 'sid' } }]);
  });

  it('requests that come at once all go on', async () => {
    const { request, cookie, answer, next, old } = start(make());
    await request(old, (session) => session.login('ada'));
    const opened = await Promise.all([1, 2, 3].map(() => next.open(cookie())));
    for (const session of opened) expect((await answer(next, session)).length).toBeGreaterThan(0);
    expect(await request(next)).toBe('ada');
  });

  it('a logout under the former name ends the session and leaves no cookie', async () => {
    const { request, cookie, next, old } = start(make());
    await request(old, (session) => session.login('ada'));
    const copy = cookie();
    await request(next, (session) => session.logout());
    expect(cookie()).toBe('');
    expect((await next.open(copy)).user).toBeUndefined();
  });

  it('a value of a former name opens nothing under another name', async () => {
    const { request, cookie, next, old } = start(make());
    await request(old, (session) => session.login('ada'));
    for (const name of ['now', 'id', 'other'])
      expect((await next.open(cookie().replace('sid', name))).user).toBeUndefined();
  });

  it('what opens under the present name counts first', async () => {
    const { request, cookie, next, old } = start(make());
    await request(old, (session) => session.login('ada'));
    expect((await next.open(`now=nothing; ${cookie()}`)).user).toBe('ada');
    const former = cookie();
    await request(next, (session) => session.login('grace'));
    expect((await next.open(`${former}; ${cookie()}`)).user).toBe('grace');
  });
}

describeEachStore('a session cookie that changed its name', (open) => {
  itIsKept(() => {
    const store = open();
    return (options) => createSessions({ ...options, store });
  });

  it('the former cookie is served for the grace, by the same successor, and then no longer', async () => {
    const store = open();
    const { request, cookie, clock, next, old } = start((options) => createSessions({ ...options, store }));
    await request(old, (session) => session.login('ada'));
    const before = cookie();
    const [line] = (await next.commit(await next.open(before))).slice(-1);
    clock.advance('30s');
    expect((await next.commit(await next.open(before))).at(-1)).toBe(line);
    clock.advance('31s');
    expect((await next.open(before)).explain().reasons[0]?.code).toBe('session-wrong-verifier');
    expect((await next.open(line)).user).toBe('ada');
  });

  it('one that was rotated under the former name goes on from either value', async () => {
    const store = open();
    const { request, cookie, next, old } = start((options) => createSessions({ ...options, store }));
    await request(old, (session) => session.login('ada'));
    const before = cookie();
    await request(old, (session) => session.rotate());
    const line = (await next.commit(await next.open(before))).at(-1) ?? '';
    expect(line).toMatch(/^now=/);
    expect((await next.open(line)).user).toBe('ada');
    expect((await next.open(cookie())).user).toBe('ada');
  });
});

describe('a sealed session cookie that changed its name', () => {
  itIsKept(() => {
    const sealed = { keys: keyRing(generateKey()), revocations: memoryRevocations() };
    return (options) => createSessions({ ...options, sealed });
  });
});
