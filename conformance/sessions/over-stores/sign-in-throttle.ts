import type { SessionStore } from 'hallpass/store';
import { throttled } from '../../../tools/test/throttle.ts';
import { type Case, equal } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

/** A throttle for sign-ins, which counts in a store. @param open an empty store each time */
export function throttledSignIns(open: OpenStore): Case[] {
  return [
    {
      name: 'lets so many through, tells how long to wait, and lets one more through after that',
      async run() {
        const { attempt, clock, events } = throttled(await open());
        for (let count = 0; count < 3; count += 1) equal(await attempt('ada'), 'tried');
        equal(await attempt('ada'), '429 300');
        const [event, ...more] = events;
        equal(
          [event?.type, event?.type === 'throttled' && [event.by, event.retryAfter], more],
          ['throttled', ['user', 300_000], []],
        );
        equal(await attempt('bob'), 'tried');
        clock.advance('299s');
        equal(await attempt('ada'), '429 1');
        clock.advance('1s');
        equal([await attempt('ada'), await attempt('ada')], ['tried', '429 300']);
      },
    },

    {
      name: 'guesses at once count each, in any process',
      async run() {
        const store = await open();
        const processes = [throttled(store), throttled(store)];
        const tried = await Promise.all(
          Array.from({ length: 12 }, (_, at) => processes[at % 2]?.attempt('ada')),
        );
        equal(tried.filter((one) => one === 'tried').length, 3);
      },
    },

    {
      name: 'however many are at once, in two processes, each that the limit allows is tried, and no other',
      async run() {
        const store = await open();
        const perAddress = { maxAttempts: 40, within: '15m' } as const;
        const processes = [throttled(store, { perAddress }), throttled(store, { perAddress })];
        const tried = await Promise.all(
          Array.from({ length: 50 }, (_, at) => processes[at % 2]?.attempt(`user${at}`, '203.0.113.7')),
        );
        equal(tried.filter((one) => one === 'tried').length, 40);
      },
    },

    {
      name: 'from one network, whoever is tried',
      async run() {
        const { attempt } = throttled(await open(), { perAddress: { maxAttempts: 2, within: '10s' } });
        equal(await attempt('a', '2001:db8::1'), 'tried');
        equal(await attempt('b', '2001:db8::2'), 'tried');
        equal(await attempt('c', '2001:db8:0:0:ffff::3'), '429 5');
        equal(await attempt('c', '203.0.113.7'), 'tried');
      },
    },

    {
      name: 'counts on at any time, over the edges of its rows, for ever',
      async run() {
        const store = await open();
        const { attempt, clock } = throttled(store);
        let tried = 0;
        for (let minute = 0; minute < 95; minute += 1) {
          if ((await attempt('ada')) === 'tried') tried += 1;
          clock.advance('1m');
        }
        equal(tried, 3 + Math.floor(94 / 5));
        equal((await store.sweep(100, { now: clock.now() })) > 0, true, 'swept rows');
      },
    },

    {
      name: 'a sign-in that succeeded counts from the beginning again',
      async run() {
        const { attempt, throttle } = throttled(await open());
        equal([await attempt('ada'), await attempt('ada')], ['tried', 'tried']);
        await (await throttle.attempt({ user: 'ada' })).succeeded();
        for (let count = 0; count < 3; count += 1) equal(await attempt('ada'), 'tried');
        equal(await attempt('ada'), '429 300');
      },
    },

    {
      name: 'one that succeeds while another is being counted lets that one alone count',
      async run() {
        const store = await open();
        const plain = throttled(store);
        const first = await plain.throttle.attempt({ user: 'ada' });
        equal(await plain.attempt('ada'), 'tried');
        let meanwhile: (() => Promise<void>) | undefined = () => first.succeeded();
        const interrupted = new Proxy(store, {
          get(target, name: keyof SessionStore) {
            if (name !== 'patch') return target[name];
            return async (...given: Parameters<SessionStore['patch']>) => {
              const now = meanwhile;
              meanwhile = undefined;
              await now?.();
              return target.patch(...given);
            };
          },
        });
        equal(await throttled(interrupted).attempt('ada'), 'tried');
        equal([await plain.attempt('ada'), await plain.attempt('ada')], ['tried', 'tried']);
        equal(await plain.attempt('ada'), '429 300');
      },
    },

    {
      name: 'one that succeeds where nothing is counted counts from the beginning too, and makes no row',
      async run() {
        const store = await open();
        const { throttle, attempt, clock } = throttled(store);
        const late = await throttle.attempt({ user: 'ada' });
        clock.advance('2h');
        equal(await store.sweep(100, { now: clock.now() }), 1, 'rows that went');
        await late.succeeded();
        clock.advance('3d');
        equal(await store.sweep(100, { now: clock.now() }), 0, 'rows of nobody');
        equal(await attempt('ada'), 'tried');
      },
    },

    {
      name: 'so it does when the attempts before it stand in an earlier row',
      async run() {
        const { attempt, throttle, clock } = throttled(await open());
        const row = 30 * 60_000;
        clock.advance((row - (clock.now() % row) - 1_000) / 1_000);
        equal([await attempt('ada'), await attempt('ada')], ['tried', 'tried']);
        const third = await throttle.attempt({ user: 'ada' });
        clock.advance('2s');
        await third.succeeded();
        for (let count = 0; count < 3; count += 1) equal(await attempt('ada'), 'tried');
        equal(await attempt('ada'), '429 300');
      },
    },
  ];
}
