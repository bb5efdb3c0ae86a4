import fc from 'fast-check';
import { defineCookie } from 'hallpass';
import { generateKey, keyRing, sealed, signed } from 'hallpass/seal';
import { createSessions, type Session, type Sessions } from 'hallpass/session';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { beforeAll, describe, expect, it } from 'vitest';
import { hostileRuns } from '../../tools/test/runs.ts';
import { Browser, type Shop, watched } from '../../tools/test/shop.ts';

const ring = keyRing(generateKey());
const { store, calls } = watched(memoryStore());
const listCalls: string[] = [];
const list = memoryRevocations();
const revocations = {
  add: (id: string, until: number) => {
    listCalls.push('add');
    return list.add(id, until);
  },
  has: (id: string, now: number) => {
    listCalls.push('has');
    return list.has(id, now);
  },
};

/** Three apps that share a key ring: two over one store under different names, one that seals. */
const apps: Record<string, Sessions<Shop>> = {
  '__Host-session': createSessions<Shop>({ store }),
  sid: createSessions<Shop>({ store, cookie: { name: 'sid' } }),
  '__Host-sealed': createSessions<Shop>({
    sealed: { keys: ring, revocations },
    cookie: { name: '__Host-sealed' },
  }),
};
const names = [...Object.keys(apps), '__host-session', '__Host-session2', 'theme', ''];

/** Every good cookie there is. */
const good: { name: string; value: string; kind: 'stored' | 'sealed' | undefined }[] = [];

beforeAll(async () => {
  for (const [name, sessions] of Object.entries(apps)) {
    for (const user of ['alice', 'bob']) {
      const browser = new Browser(sessions);
      await browser.visit((session) => {
        session.login(user);
        session.set('cart', ['tea']);
      });
      good.push({ name, value: browser.cookie.slice(name.length + 1), kind: kindOf(name) });
    }
  }
  for (const codec of [signed(ring), sealed(ring)]) {
    const [pair = ''] = (await defineCookie('theme', { codec }).serialize('dark')).split(';');
    good.push({ name: 'theme', value: pair.slice('theme='.length), kind: undefined });
  }
});

/** Two apps share a store, so each opens what the other gave out, as two processes of one app do. */
const isGood = (name: string, value: string) =>
  good.some((one) => one.value === value && one.kind === kindOf(name));
const kindOf = (name: string) => (name === '__Host-sealed' ? 'sealed' : name in apps ? 'stored' : undefined);

type Mutation = (value: string, other: string, at: number, unit: string) => string;
const mutations: Record<string, Mutation> = {
  'another byte': (value, _, at, unit) => value.slice(0, at) + unit + value.slice(at + 1),
  'a byte more': (value, _, at, unit) => value.slice(0, at) + unit + value.slice(at),
  'a byte less': (value, _, at) => value.slice(0, at) + value.slice(at + 1),
  'cut off at the end': (value, _, at) => value.slice(0, at),
  'cut off at the start': (value, _, at) => value.slice(at),
  doubled: (value) => value + value,
  'a piece doubled': (value, _, at) => value.slice(0, at) + value.slice(Math.floor(at / 2)),
  'two halves': (value, other, at) => value.slice(0, at) + other.slice(at),
  'two joined': (value, other, at, unit) => value + unit + other.slice(0, at),
  'two bytes swapped': (value, _, at) =>
    value.slice(0, at) + (value[at + 1] ?? '') + (value[at] ?? '') + value.slice(at + 2),
  'as another’s': (_, other) => other,
  'percent-encoded': (value, _, at) =>
    `${value.slice(0, at)}%${(value.charCodeAt(at) || 0).toString(16)}${value.slice(at + 1)}`,
  quoted: (value) => `"${value}"`,
  'other case': (value) => value.toLowerCase(),
};

const unit = fc.oneof(
  fc.constantFrom(...'.-_=~ ,"%\\/+Aa0'),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
);
const mutated = fc.record({
  one: fc.nat(7),
  other: fc.nat(7),
  as: fc.constantFrom(...names),
  how: fc.constantFrom(...Object.keys(mutations)),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  unit,
  twice: fc.boolean(),
});

describe(`${hostileRuns} mutated cookies of stored, sealed and signed kinds, under every name (S111, ASVS 7.2.1)`, () => {
  it('are anonymous visitors: no exception, no write to a store, no Set-Cookie', async () => {
    calls.length = 0;
    listCalls.length = 0;
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(mutated, async ({ one, other, as, how, at, unit, twice }) => {
        const [first, second] = [good[one]?.value ?? '', good[other]?.value ?? ''];
        const mutate = mutations[how] as Mutation;
        const place = (text: string) => Math.floor(at * text.length);
        let value = mutate(first, second, place(first), unit);
        if (twice) value = mutate(value, second, place(value), unit);
        // A semicolon would end the value, and blanks round it are not part of it: then it is another one, or the good one.
        if (value.includes(';') || isGood(as, value.replace(/^[ \t]+|[ \t]+$/g, ''))) return;
        tried += 1;
        for (const sessions of Object.values(apps)) {
          const session: Session<Shop> = await sessions.open(`${as}=${value}`);
          const seen = [session.user, session.id, session.get('cart'), session.explain().allowed];
          if (seen.some(Boolean)) throw new Error(`${how}: opened as ${session.user}`);
          if ((await sessions.commit(session)).length > 0) throw new Error(`${how}: Set-Cookie`);
        }
      }),
      { numRuns: hostileRuns },
    );
    expect(tried).toBeGreaterThan(hostileRuns * 0.8);
    expect(new Set(calls)).toEqual(new Set(['read']));
    expect(listCalls).not.toContain('add');
  });

  it('and afterwards every session is as it was', async () => {
    for (const { name, value, kind } of good) {
      if (kind === undefined) continue;
      const session = await apps[name]?.open(`${name}=${value}`);
      expect(session?.get('cart')).toEqual(['tea']);
    }
  });
});
