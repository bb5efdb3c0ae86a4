import type { SessionStore } from 'hallpass/store';
import { testClock } from 'hallpass/testing';
import { Browser, shop } from '../../../tools/test/shop.ts';
import { type Case, equal, failureCode } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

/** What becomes of requests that others overtake, or that a slow store keeps waiting. @param open an empty store each time */
export function lateRequests(open: OpenStore): Case[] {
  return [
    {
      name: 'one that left the browser before a login writes nothing within the grace: its session would replace the login’s',
      async run() {
        const { sessions, clock } = shop({ store: await open() });
        const browser = new Browser(sessions);
        await browser.visit((session) => session.set('cart', ['tea']));
        const tab = browser.copy();
        await browser.visit((session) => session.login('alice'));
        const write = () => tab.visit((session) => session.set('theme', 'dark'));
        equal(await failureCode(write()), 'session-gone', 'inside the grace');
        equal([await tab.user(), await browser.user()], [undefined, 'alice'], 'who they are');
        clock.advance('60s');
        equal((await write()).length, 1, 'lines after the grace');
        equal([await browser.user(), (await browser.open()).get('theme')], ['alice', undefined], 'the login');
      },
    },
    {
      name: 'forty that update one key at once, in two processes, all count: those that met take turns',
      async run() {
        const store = await open();
        const [here, there] = [shop({ store, storeTimeout: '60s' }), shop({ store, storeTimeout: '60s' })];
        const browser = new Browser(here.sessions);
        await browser.visit((session) => session.login('alice'));
        const opened = await Promise.all(
          Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? here : there).sessions.open(browser.cookie)),
        );
        for (const session of opened) session.update('visits', (count = 0) => count + 1);
        const commit = (session: (typeof opened)[number], at: number) =>
          (at % 2 === 0 ? here : there).sessions.commit(session);
        await Promise.all(opened.map(commit));
        equal((await browser.open()).get('visits'), 40, 'visits');
      },
    },
    {
      name: 'a commit of several calls has one deadline: after it no call begins',
      async run() {
        const [inner, clock, calls] = [await open(), testClock(1_700_000_000_000), [] as string[]];
        let takes = 0;
        const slow = new Proxy(inner, {
          get(target, name: keyof SessionStore) {
            const method = target[name];
            // What is looked at beside the commit takes no time of it.
            if (typeof method !== 'function' || name === 'read' || name === 'serverTime') return method;
            return async (...given: unknown[]) => {
              calls.push(String(name));
              const answer = await Reflect.apply(method, target, given);
              clock.advance(takes);
              return answer;
            };
          },
        });
        const { sessions } = shop({ store: slow, clock, storeTimeout: '2s' });
        const browser = new Browser(sessions);
        await browser.visit((session) => session.login('ada'));
        const session = await browser.open();
        session.login('bob');
        takes = 1.1;
        calls.length = 0;
        equal(await failureCode(sessions.commit(session)), 'store-unavailable', 'the login');
        equal(calls, ['revoke', 'enlist'], 'calls');
      },
    },
    {
      name: 'sign-ins beyond maxPerUser end those that signed in first, with an event for each',
      async run() {
        const { sessions, clock, events } = shop({ store: await open(), maxPerUser: 2 });
        const browsers = Array.from({ length: 4 }, () => new Browser(sessions));
        for (const browser of browsers) {
          await browser.visit((session) => session.login('alice'));
          clock.advance('1s');
        }
        const users = await Promise.all(browsers.map((browser) => browser.user()));
        equal(users, [undefined, undefined, 'alice', 'alice'], 'who is still signed in');
        equal(events.filter(({ type }) => type === 'evicted').length, 2, 'events');
      },
    },
    {
      name: 'a process whose clock differs from that of a store that tells its own says so once',
      async run() {
        const store = await open();
        // The clock of this test stands in the past.
        const { sessions, events, clock } = shop({ store });
        const browser = new Browser(sessions);
        const skews = () => events.filter(({ type }) => type === 'clock-skew').length;
        // A look that fails is none, and the next comes after ten minutes.
        for (let looks = 0; looks < 3 && skews() === 0; looks += 1) {
          await browser.visit((session) => session.login('alice'));
          for (let turn = 0; turn < 100 && skews() === 0; turn += 1) await store.serverTime?.();
          if (skews() === 0) clock.advance('10m');
        }
        await browser.visit((session) => session.set('visits', 1));
        await store.serverTime?.();
        equal(skews(), store.serverTime === undefined ? 0 : 1, 'events');
      },
    },
  ];
}
