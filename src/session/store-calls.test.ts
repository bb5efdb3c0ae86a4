import { describe, expect, it } from 'vitest';
import { Browser, type Fixture, type Shop, shop } from '../../tools/test/shop.ts';
import type { Session } from './index.ts';

type Handler = (session: Session<Shop>) => void;

interface Request {
  /** Who comes. */
  readonly as: 'a stranger' | 'an anonymous visitor' | 'a user' | 'a user with the verifier before';
  readonly does: Handler;
  readonly later?: '59s' | '6m';
  readonly calls: readonly string[];
  readonly cookies: number;
}

const nothing: Handler = () => {};

/** Each call is one round trip on most stores, so this is what a request costs. */
const requests: Record<string, Request> = {
  'reads nothing, has no cookie': { as: 'a stranger', does: nothing, calls: [], cookies: 0 },
  'writes, has no cookie': {
    as: 'a stranger',
    does: (s) => s.set('theme', 'x'),
    calls: ['create'],
    cookies: 1,
  },
  'signs in, has no cookie': {
    as: 'a stranger',
    does: (s) => s.login('alice'),
    calls: ['enlist', 'create'],
    cookies: 1,
  },
  'signs out, has no cookie': { as: 'a stranger', does: (s) => s.logout(), calls: [], cookies: 0 },
  reads: { as: 'a user', does: (s) => s.get('cart'), calls: ['read'], cookies: 0 },
  'reads, just before a renewal is due': {
    as: 'a user',
    does: (s) => s.get('cart'),
    later: '59s',
    calls: ['read'],
    cookies: 0,
  },
  'reads when a renewal is due': {
    as: 'a user',
    does: nothing,
    later: '6m',
    calls: ['read', 'touch'],
    cookies: 0,
  },
  'writes what stands there already': {
    as: 'a user',
    does: (s) => s.set('cart', ['tea']),
    calls: ['read'],
    cookies: 0,
  },
  writes: { as: 'a user', does: (s) => s.set('theme', 'x'), calls: ['read', 'patch'], cookies: 0 },
  'writes when a renewal is due': {
    as: 'a user',
    does: (s) => s.set('theme', 'x'),
    later: '6m',
    calls: ['read', 'patch'],
    cookies: 0,
  },
  rotates: { as: 'a user', does: (s) => s.rotate(), calls: ['read', 'patch'], cookies: 1 },
  'writes and rotates': {
    as: 'a user',
    does(s) {
      s.set('theme', 'x');
      s.rotate();
    },
    calls: ['read', 'patch'],
    cookies: 1,
  },
  'reads with the verifier before': {
    as: 'a user with the verifier before',
    does: nothing,
    calls: ['read'],
    cookies: 1,
  },
  'signs in': {
    as: 'an anonymous visitor',
    does: (s) => s.login('alice'),
    calls: ['read', 'enlist', 'patch'],
    cookies: 1,
  },
  'signs in with a name at an identity provider': {
    as: 'an anonymous visitor',
    does: (s) => s.login('alice', { externalId: 'idp-1' }),
    calls: ['read', 'enlist', 'enlist', 'patch'],
    cookies: 1,
  },
  'signs in as another user': {
    as: 'a user',
    does: (s) => s.login('bob'),
    calls: ['read', 'revoke', 'enlist', 'create'],
    cookies: 1,
  },
  'signs out': { as: 'a user', does: (s) => s.logout(), calls: ['read', 'revoke'], cookies: 1 },
  'signs out and writes': {
    as: 'a user',
    does(s) {
      s.logout();
      s.set('theme', 'x');
    },
    calls: ['read', 'revoke', 'create'],
    cookies: 1,
  },
};

async function arrive(fixture: Fixture, as: Request['as']): Promise<Browser> {
  const browser = new Browser(fixture.sessions);
  if (as === 'a stranger') return browser;
  await browser.visit((session) => {
    session.set('cart', ['tea']);
    if (as !== 'an anonymous visitor') session.login('alice');
  });
  const before = browser.copy();
  if (as !== 'a user with the verifier before') return browser;
  await browser.visit((session) => session.rotate());
  return before;
}

describe('what a request costs: the calls of the store', () => {
  it.each(Object.entries(requests))('%s', async (_, { as, does, later, calls, cookies }) => {
    const fixture = shop();
    const browser = await arrive(fixture, as);
    if (later !== undefined) fixture.clock.advance(later);
    fixture.calls.length = 0;
    expect(await browser.visit(does)).toHaveLength(cookies);
    expect(fixture.calls).toEqual(calls);
  });
});

describe('a flood with one cookie that is no good any more', () => {
  it.each<[string, (fixture: Fixture, browser: Browser) => unknown]>([
    ['expired', ({ clock }) => clock.advance('2h')],
    ['revoked', ({ sessions }) => sessions.revokeAll('alice')],
    ['superseded', (_, browser) => browser.copy().visit((session) => session.login('alice'))],
  ])('%s: one read each, no write and no cookie', async (_, end) => {
    const fixture = shop();
    const browser = await arrive(fixture, 'a user');
    await end(fixture, browser);
    fixture.calls.length = 0;
    for (let request = 0; request < 5; request += 1)
      expect(await browser.visit((s) => s.get('cart'))).toEqual([]);
    expect(fixture.calls).toEqual(Array(5).fill('read'));
  });
});
