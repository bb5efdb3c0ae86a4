import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Browser, tokenServer } from '../../conformance/tokens/token-server.ts';
import { createSessions } from '../session/index.ts';
import { acceptBoth } from './accept-both.ts';

/** A server that had sessions and now has tokens, both over one store. */
async function migrating() {
  const { tokens, store, clock } = tokenServer();
  const sessions = createSessions({ store, clock });
  const guard = acceptBoth(tokens, sessions);
  const session = await sessions.open('');
  session.login('alice');
  const [line = ''] = await sessions.commit(session);
  const before = line.split(';')[0] ?? '';
  const outcome = async (cookie: string) => {
    const visitor = await guard(new Headers({ cookie }));
    return visitor.allowed ? [visitor.by, visitor.user] : visitor.reasons[0].code;
  };
  return { tokens, sessions, guard, before, outcome };
}

describe('S145: while sessions become tokens', () => {
  it('a visitor with either is known, and one with neither is 401', async () => {
    const { tokens, outcome, before } = await migrating();
    const browser = new Browser(tokens);
    await browser.signIn('bob');
    expect(await outcome(before)).toEqual(['session', 'alice']);
    expect(await outcome(`__Host-access=${browser.access}`)).toEqual(['token', 'bob']);
    expect(await outcome('')).toBe('token-missing');
    expect(await outcome('__Host-session=stale')).toBe('token-missing');
  });

  it('a token that came decides alone: an old session cookie does not undo a sign-out', async () => {
    const { tokens, outcome, before } = await migrating();
    const browser = new Browser(tokens);
    await browser.signIn('alice');
    const both = `__Host-access=${browser.access}; ${before}`;
    expect(await outcome(both)).toEqual(['token', 'alice']);
    await browser.signOut();
    expect(await outcome(both)).toBe('token-revoked');
  });

  it('a visitor moves from one to the other without signing in again', async () => {
    const { tokens, sessions, guard, before, outcome } = await migrating();
    const visitor = await guard(new Headers({ cookie: before }));
    if (!visitor.allowed || visitor.by !== 'session') throw new Error('No session.');
    const headers = await tokens.issue(visitor.user, new Headers());
    visitor.session.logout();
    await sessions.commit(visitor.session, headers);
    const browser = new Browser(tokens);
    const lines = browser.receive(headers);
    expect(lines.map((line) => line.slice(0, 13))).toEqual([
      '__Host-access',
      '__Host-refres',
      '__Host-sessio',
    ]);
    expect(await outcome(before)).toBe('token-missing');
    expect(await outcome(`__Host-access=${browser.access}`)).toEqual(['token', 'alice']);
  });
});

describe('S146: sessions or tokens', () => {
  it('a sign-out is one with either: a copy of the cookie is worth nothing', async () => {
    const { tokens, sessions, outcome, before } = await migrating();
    const browser = new Browser(tokens);
    await browser.signIn('bob');
    const copy = `__Host-access=${browser.access}`;
    expect([await outcome(before), await outcome(copy)]).toEqual([
      ['session', 'alice'],
      ['token', 'bob'],
    ]);
    const session = await sessions.open(before);
    session.logout();
    await sessions.commit(session);
    await browser.signOut();
    expect([await outcome(before), await outcome(copy)]).toEqual(['token-missing', 'token-revoked']);
  });

  it('the guide has a table to decide by', () => {
    const guide = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8');
    const table = guide.split('## Session or token?')[1]?.split('\n## ')[0] ?? '';
    expect(table).toContain('| | session | token |');
    for (const row of ['| sign-out |', '| a role is taken away |', '| what the visitor can read of it |']) {
      expect(table).toContain(row);
    }
  });
});
