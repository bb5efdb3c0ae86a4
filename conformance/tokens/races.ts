import { generateKey, keyRing } from 'hallpass/seal';
import type { SessionStore } from 'hallpass/store';
import { type Case, equal } from '../case.ts';
import { Browser, signedIn, tokenServer } from './token-server.ts';

/** What parallel requests may do to one refresh token, over a store. */
export function tokenRaces(open: () => Promise<SessionStore>): Case[] {
  /** So many tabs of one browser, each of which refreshes at once; what they were told. */
  async function rush(browser: Browser, count: number) {
    const tabs = Array.from({ length: count }, () => browser.copy());
    const answers = await Promise.all(tabs.map((tab) => tab.refresh()));
    return { tabs, answers };
  }

  return [
    {
      name: 'S84: 50 parallel refreshes of one token give one successor, and nobody is signed out',
      async run() {
        const { browser, clock, events } = await signedIn({ store: await open() });
        const { tabs, answers } = await rush(browser, 50);
        equal(new Set(answers).size, 1, 'answers');
        equal(answers[0], 'ok', 'the answer');
        const successors = new Set(tabs.map((tab) => tab.refreshToken));
        equal(successors.size, 1, 'successors');
        equal(successors.has(browser.refreshToken), false, 'the old token among them');
        equal(new Set(tabs.map((tab) => tab.access)).size, 50, 'access tokens');
        equal(new Set(await Promise.all(tabs.map((tab) => tab.visit()))).size, 1, 'visitors');
        equal(events.filter(({ type }) => type === 'refreshed').length, 1, 'rotations');
        clock.advance('31s');
        equal(await tabs[49]?.refresh(), 'ok', 'the next refresh');
      },
    },
    {
      name: 'S84: two tabs at once over two servers whose clocks differ by 45 s get one successor, whichever is ahead',
      async run() {
        for (const ahead of [
          [0, 45_000],
          [45_000, 0],
        ]) {
          const { browser, clock, options } = await signedIn({ store: await open() });
          const tabs = ahead.map((ms) => {
            const { tokens } = tokenServer({ ...options, clock: { now: () => clock.now() + ms } });
            return new Browser(tokens, browser.cookies);
          });
          for (const tab of tabs)
            equal(await tab.refresh(), 'ok', `the refresh, ${ahead.join(' and ')} ms ahead`);
          equal(new Set(tabs.map((tab) => tab.refreshToken)).size, 1, 'successors');
        }
      },
    },
    {
      name: 'S84: without a grace, too, parallel refreshes that saw one row give one successor',
      async run() {
        const { browser } = await signedIn({ store: simultaneous(await open(), 10), rotationGrace: 0 });
        const { tabs, answers } = await rush(browser, 10);
        equal(new Set(answers).size, 1, 'answers');
        equal(answers[0], 'ok', 'the answer');
        equal(new Set(tabs.map((tab) => tab.refreshToken)).size, 1, 'successors');
      },
    },
    {
      name: 'a refresh that two others overtake between its read and its write is a replay: its token is two steps back',
      async run() {
        const store = await open();
        const { browser, events, options } = await signedIn({ store, rotationGrace: 0 });
        let overtaken = false;
        const slow = new Proxy(store, {
          get(target, name: keyof SessionStore) {
            if (name !== 'patch') return target[name];
            return async (...given: Parameters<SessionStore['patch']>) => {
              if (!overtaken) {
                overtaken = true;
                for (const step of [1, 2]) equal(await browser.refresh(), 'ok', `step ${step}`);
              }
              return target.patch(...given);
            };
          },
        });
        const late = new Browser(tokenServer({ ...options, store: slow }).tokens, browser.cookies);
        equal(await late.refresh(), 'refresh-replayed', 'the late one');
        equal(events.at(-1)?.type, 'refresh-replayed', 'the event');
        equal(await browser.refresh(), 'refresh-revoked', 'the family');
      },
    },
    {
      name: 'S84: a replay after the window ends the family, however many come at once',
      async run() {
        const { browser, clock, events } = await signedIn({ store: await open() });
        const thief = browser.copy();
        equal(await browser.refresh(), 'ok', 'the refresh');
        clock.advance('91s');
        const { answers } = await rush(thief, 20);
        equal(answers.includes('ok'), false, 'the thief got something');
        equal(answers.includes('refresh-replayed'), true, 'a replay was told');
        equal(await browser.visit(), 'token-revoked', 'the access token of the family');
        equal(await browser.refresh(), 'refresh-revoked', 'the present refresh token');
        equal(
          events.some(({ type }) => type === 'refresh-replayed'),
          true,
          'the event',
        );
      },
    },
    {
      name: 'of another issuer or audience over the same store, a token opens nothing and ends nothing',
      async run() {
        const store = await open();
        const keys = keyRing(generateKey());
        const { browser } = await signedIn({ store, keys });
        for (const other of [{ issuer: 'https://other.test' }, { audience: 'https://other.test' }]) {
          const { tokens } = tokenServer({ store, keys, ...other });
          const refused = await tokens.refreshBearer(browser.refreshToken);
          equal(refused.allowed, false, 'a refresh elsewhere');
          equal(await tokens.revoke(browser.request), 0, 'a sign-out elsewhere');
        }
        equal(await browser.visit(), 'alice', 'a visit');
        equal(await browser.refresh(), 'ok', 'a refresh');
      },
    },
    {
      name: 'S145: no refresh that is under way survives a sign-out',
      async run() {
        const { browser } = await signedIn({ store: await open() });
        const tabs = Array.from({ length: 20 }, () => browser.copy());
        const out = browser.copy();
        const work = tabs.map((tab) => tab.refresh());
        work.splice(10, 0, out.signOut().then(String));
        await Promise.all(work);
        for (const tab of tabs) {
          equal(await tab.visit(), 'token-revoked', 'a visit');
          equal(await tab.refresh(), 'refresh-revoked', 'a refresh');
        }
      },
    },
    {
      name: 'S145: no sign-in that is under way survives the end of all of them, unless it began after',
      async run() {
        const { tokens, browser } = await signedIn({ store: await open() });
        const pairs = Array.from({ length: 10 }, () => tokens.issueBearer('alice').catch(() => undefined));
        const [ended, ...issued] = await Promise.all([tokens.revoke({ user: 'alice' }), ...pairs]);
        equal(await browser.visit(), 'token-revoked', 'the sign-in of before');
        const live: boolean[] = [];
        for (const pair of issued) {
          if (pair === undefined) continue;
          const bearer = new Headers({ authorization: `Bearer ${pair.access}` });
          live.push((await tokens.authenticate(bearer)).allowed);
        }
        equal((await tokens.list('alice')).length, live.filter(Boolean).length, 'live sign-ins');
        equal(ended >= 1, true, 'how many were ended');
      },
    },
  ];
}

/** A store that gives no row before so many have asked for one: all of them see the same. */
function simultaneous(store: SessionStore, count: number): SessionStore {
  let waiting: (() => void)[] = [];
  return new Proxy(store, {
    get(target, name: keyof SessionStore) {
      if (name !== 'read') return (target[name] as (...given: unknown[]) => unknown).bind(target);
      return async (...given: Parameters<SessionStore['read']>) => {
        const row = await target.read(...given);
        if (row === undefined || typeof row === 'string') return row;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length < count) return;
          for (const go of waiting) go();
          waiting = [];
        });
        return row;
      };
    },
  });
}
