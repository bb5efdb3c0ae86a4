import { describe, expect, it } from 'vitest';
import { CookieJar } from '../jar/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createSessions, type Session, type SessionCookieOptions } from './index.ts';

const page = 'https://app.example.com/account';

describe.each<[string, SessionCookieOptions, SessionCookieOptions]>([
  ['host-only to a Domain', {}, { domain: 'example.com', former: [{ domain: null }] }],
  ['a Domain to host-only', { domain: 'example.com' }, { former: [{ domain: 'example.com' }] }],
  ['a path to every path', { path: '/account' }, { former: [{ path: '/account' }] }],
  ['every path to a path', {}, { path: '/account', former: [{ path: '/' }] }],
])('a session cookie that changes from %s', (_, before, now) => {
  const start = () => {
    const jar = new CookieJar();
    const store = memoryStore();
    const named = (cookie: SessionCookieOptions) =>
      createSessions({ store, cookie: { name: 'sid', ...cookie } });
    const request = async (
      sessions: ReturnType<typeof named>,
      handler: (session: Session) => void = () => {},
    ) => {
      const session = await sessions.open(jar.header(page));
      handler(session);
      for (const line of await sessions.commit(session)) jar.set(line, page);
      return session.user;
    };
    return { jar, old: named(before), next: named(now), request };
  };

  it('keeps who is signed in, and a sign-in leaves one cookie that opens its session', async () => {
    const { jar, old, next, request } = start();
    await request(old, (session) => session.login('ada'));
    expect(await request(next)).toBe('ada');
    await request(next, (session) => session.login('grace'));
    expect(jar.header(page)).toMatch(/^sid=[^;]*$/);
    expect(await request(next)).toBe('grace');
  });

  it('and whose session ended before can sign in', async () => {
    const { jar, old, next, request } = start();
    await request(old, (session) => session.login('ada'));
    await old.revokeAll('ada');
    await request(next, (session) => session.login('ada'));
    expect(jar.header(page)).toMatch(/^sid=[^;]*$/);
    expect(await request(next)).toBe('ada');
  });

  it('and a logout leaves none', async () => {
    const { jar, old, next, request } = start();
    await request(old, (session) => session.login('ada'));
    await request(next, (session) => session.logout());
    expect(jar.header(page) ?? '').toBe('');
  });
});
