import { describe, expect, it } from 'vitest';
import { bearer, createClient } from './client/index.ts';
import { defineCookie } from './index.ts';
import { CookieJar } from './jar/index.ts';
import { createPanel } from './panel/index.ts';
import { generateKey, keyRing, open, seal } from './seal/index.ts';
import { pipeline } from './server/index.ts';
import { createSessions, signInThrottle } from './session/index.ts';
import { memoryRevocations, memoryStore } from './store/memory/index.ts';
import { testClock } from './testing/clock.ts';
import type { Clock } from './time.ts';
import { createTokens } from './tokens/index.ts';

const ring = keyRing(generateKey());
const sealed = { keys: ring, revocations: memoryRevocations() };
const issuer = 'https://app.test';
const tokenOptions = { keys: ring, issuer, audience: issuer, store: memoryStore() };
const expires = new Date(2e12);

/** Everything that takes a clock. */
const takers: Record<string, (clock: Clock) => unknown> = {
  'sessions of a store': (clock) => createSessions({ store: memoryStore(), clock }),
  'sealed sessions': (clock) => createSessions({ sealed, clock }),
  'a throttle': (clock) => signInThrottle({ store: memoryStore(), clock }),
  tokens: (clock) => createTokens({ ...tokenOptions, clock }),
  'a jar': (clock) => new CookieJar({ clock }),
  'a client': (clock) => createClient({ clock }),
  'a bearer token': (clock) => bearer('hp-secret-token', { clock, refresh: async () => 'hp-secret-next' }),
  'a pipeline': (clock) => pipeline({ clock }),
  'a panel': (clock) => createPanel({ clock }),
  'a cookie': (clock) => defineCookie('theme', { clock, expires: new Date(864e5) }),
  'a seal': async (clock) => open(ring, 'test', await seal(ring, 'test', 1, { expires }), { clock }),
};

const bad: [string, unknown, RegExp][] = [
  ['NaN', Number.NaN, /milliseconds since 1970, as Date\.now\(\) is, not NaN/],
  ['a Date', new Date(), /give its getTime\(\)/],
  ['text', '1700000000000', /milliseconds since 1970/],
  ['a bigint of nanoseconds', 1_700_000_000_000_000_000n, /milliseconds since 1970/],
  ['seconds', 1_700_000_000, /seconds are multiplied by 1000/],
  ['a promise', Promise.resolve(1), /milliseconds since 1970/],
];

describe.each(Object.entries(takers))('%s', (_, make) => {
  it.each(bad)('whose clock gives %s is misuse, and the sentence says the fix', async (_, time, fix) => {
    const made = async () => make({ now: () => time as number });
    await expect(made()).rejects.toThrow(TypeError);
    await expect(made()).rejects.toThrow(fix);
  });

  it('takes a clock of tests that begins in 1970, and one whose methods need it', async () => {
    await make(testClock(0));
    const clock = new (class {
      #now = 1_000;
      now() {
        return this.#now;
      }
    })();
    await make(clock);
  });
});

describe('a clock that fails later', () => {
  const failing = () => {
    const times = [1_700_000_000_000];
    return { now: () => times.pop() ?? Number.NaN };
  };

  it('is misuse where it is read, and no session is written by it', async () => {
    const store = memoryStore();
    const sessions = createSessions({ store, clock: failing() });
    await expect(sessions.open(null)).rejects.toThrow(/as Date\.now\(\) is, not NaN/);
    const throttle = signInThrottle({ store, clock: failing() });
    await expect(throttle.attempt({ user: 'ada' })).rejects.toThrow(/not NaN/);
    await expect(createTokens({ ...tokenOptions, clock: failing() }).issueBearer('ada')).rejects.toThrow(
      /not NaN/,
    );
    expect(() => new CookieJar({ clock: failing() }).set('a=1', issuer)).toThrow(/not NaN/);
  });

  it('may count the days from 1970 past the time at which seconds are now', () => {
    const clock = testClock(0);
    const jar = new CookieJar({ clock });
    clock.advance('20d');
    expect(jar.set('a=1', issuer).allowed).toBe(true);
  });
});
