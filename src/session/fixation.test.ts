import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Browser, type Shop, sealedShop, shop } from '../../tools/test/shop.ts';
import type { Session, Sessions } from './index.ts';

/** What a visitor may do between opening and committing. The attacker does all of it but sign in as the victim. */
const acts = {
  read: () => {},
  write: (session: Session<Shop>) => session.set('theme', 'dark'),
  mutate: (session: Session<Shop>) => session.get('cart')?.push('coffee'),
  rotate: (session: Session<Shop>) => session.rotate(),
  logout: (session: Session<Shop>) => session.logout(),
  login: (session: Session<Shop>) => session.login('victim'),
  'login as another': (session: Session<Shop>) => session.login('other'),
};
type Act = keyof typeof acts;

const step = fc.record({
  who: fc.constantFrom('attacker', 'victim'),
  // Whether a request begins, or one that has begun is answered: requests of both overlap in any order.
  phase: fc.constantFrom('open', 'commit'),
  acts: fc.array(fc.constantFrom(...(Object.keys(acts) as Act[])), { minLength: 1, maxLength: 3 }),
});

const kinds: Record<string, () => Sessions<Shop>> = {
  stored: () => shop().sessions,
  'stored, for one session a user': () => shop({ maxPerUser: 1 }).sessions,
  sealed: () => sealedShop().sessions,
};

describe('a planted cookie: nothing that the attacker ever held opens the victim’s session (S75, ASVS 7.2.4)', () => {
  it.each(Object.entries(kinds))('%s, whatever both do and in whatever order', async (_, make) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        const sessions = make();
        const attacker = new Browser(sessions);
        await attacker.visit((session) => session.set('cart', ['planted']));
        const browsers = { attacker, victim: attacker.copy() };
        const held = new Set([attacker.cookie]);
        const open: Record<string, Session<Shop>[]> = { attacker: [], victim: [] };
        for (const { who, phase, acts: chosen } of steps) {
          const browser = browsers[who as keyof typeof browsers];
          const waiting = open[who] ?? [];
          if (phase === 'open') {
            const session = await browser.open();
            if (who === 'attacker') expect(session.user).not.toBe('victim');
            waiting.push(session);
          }
          const session = phase === 'commit' ? waiting.shift() : undefined;
          if (session === undefined) continue;
          for (const act of chosen) if (who === 'victim' || act !== 'login') acts[act](session);
          await browser.receive(session).catch((error) => expect(error).toMatchObject({ status: 409 }));
          if (who === 'attacker') held.add(browser.cookie);
          for (const cookie of held) expect((await sessions.open(cookie)).user).not.toBe('victim');
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('login, logout and writes in one request, in every order', () => {
  const three = ['login', 'logout', 'write'] as const;
  const orders = three.flatMap((a) => three.flatMap((b) => three.map((c) => [a, b, c] as const)));
  const cases = Object.entries(kinds).flatMap(([kind, make]) =>
    [false, true].flatMap((signedIn) => orders.map((order) => ({ kind, make, signedIn, order }))),
  );

  it.each(cases)(
    '$kind, signed in before: $signedIn, $order: the last login and what came after the last logout count',
    async ({ make, signedIn, order }) => {
      const sessions = make();
      const browser = new Browser(sessions);
      await browser.visit((session) => {
        session.set('cart', ['tea']);
        if (signedIn) session.login('other');
      });
      const before = browser.copy();
      await browser.visit((session) => {
        for (const act of order) acts[act](session);
      });
      const since = order.slice(order.lastIndexOf('logout') + 1);
      const loggedOut = order.includes('logout');
      const after = await browser.open();
      const stays = loggedOut || !signedIn ? undefined : 'other';
      expect(after.user).toBe(since.includes('login') ? 'victim' : stays);
      const emptiedAt = !loggedOut && signedIn ? since.indexOf('login') : -1;
      expect(after.get('theme')).toBe(since.slice(emptiedAt + 1).includes('write') ? 'dark' : undefined);
      const kept = !loggedOut && !(signedIn && since.includes('login'));
      expect(after.get('cart')).toEqual(kept ? ['tea'] : undefined);
      const dead = loggedOut || since.includes('login');
      expect((await before.open()).isNew).toBe(dead);
    },
  );
});
