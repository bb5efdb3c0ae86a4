import { createSessions } from 'hallpass/session';
import { Browser, shop } from '../../../tools/test/shop.ts';
import { type Case, equal } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

const schema = (validate: (value: unknown) => object) => ({
  '~standard': { version: 1 as const, vendor: 'test', validate },
});

/** Updates and merges get what the schema gives, and not what was stored. @param open an empty store each time */
export function schemaValues(open: OpenStore): Case[] {
  return [
    {
      name: 'an update that runs again on a value of another request',
      async run() {
        const dated = schema((data) => {
          const { last, ...rest } = data as { last?: string };
          return { value: { ...rest, ...(last !== undefined && { last: new Date(last) }) } };
        });
        const sessions = createSessions<{ last: Date }>({ store: await open(), schema: dated as never });
        const browser = new Browser(sessions as never);
        await browser.visit((session) => session.set('last' as never, new Date(0) as never));
        const [one, other] = [await sessions.open(browser.cookie), await sessions.open(browser.cookie)];
        for (const session of [one, other])
          session.update('last', (last) => new Date((last?.getTime() ?? 0) + 1_000));
        await sessions.commit(one);
        await sessions.commit(other);
        equal((await sessions.open(browser.cookie)).get('last')?.getTime(), 2_000);
      },
    },

    {
      name: 'a release that wrote text is still running, and nothing is added to text',
      async run() {
        const store = await open();
        const before = new Browser(shop({ store }).sessions);
        await before.visit((session) => session.set('visits', '5' as never));
        const number = schema((data) => {
          const { visits, ...rest } = data as { visits?: string };
          return { value: { ...rest, ...(visits !== undefined && { visits: Number(visits) }) } };
        });
        const after = new Browser(shop({ store, schema: number as never }).sessions, before.cookie);
        const late = await after.open();
        late.update('visits', (visits = 0) => visits + 1);
        await before.visit((session) => session.set('visits', '7' as never));
        await after.receive(late);
        equal((await after.open()).get('visits'), 8);
      },
    },

    ...[1, 2].map((rounds) => ({
      name: `a merge, in round ${rounds} too`,
      async run() {
        const store = await open();
        const given: unknown[] = [];
        const doubled = schema((data) => {
          const { visits } = data as { visits: number };
          return { value: { visits: { twice: visits * 2 } } };
        });
        const plain = new Browser(shop({ store }).sessions);
        await plain.visit((session) => session.set('visits', 1));
        let left = rounds;
        const merging = shop({
          store: new Proxy(store, {
            get: (target, name: keyof typeof store) =>
              name !== 'patch'
                ? target[name]
                : async (...patch: Parameters<typeof store.patch>) => {
                    if (left > 0) {
                      left -= 1;
                      await plain.visit((session) => session.update('visits', (visits = 0) => visits + 1));
                    }
                    return target.patch(...patch);
                  },
          }),
          schema: doubled as never,
          conflicts: {
            visits: (base, theirs, ours) => {
              given.push(base, theirs, ours);
              return ours;
            },
          },
        });
        const session = await merging.sessions.open(plain.cookie);
        session.set('visits', { twice: 100 } as never);
        await merging.sessions.commit(session);
        equal(given.slice(-3), [{ twice: rounds * 2 }, { twice: rounds * 2 + 2 }, { twice: 100 }]);
      },
    })),

    {
      name: 'what the schema refuses meanwhile counts as absent, as when a session is opened',
      async run() {
        const store = await open();
        const plain = new Browser(shop({ store }).sessions);
        await plain.visit((session) => session.set('visits', 1));
        const strict = schema((data) => {
          const { visits } = data as { visits?: unknown };
          return typeof visits === 'number' ? { value: { visits } } : { issues: [{ message: 'no number' }] };
        });
        const { sessions } = shop({ store, schema: strict as never });
        const session = await sessions.open(plain.cookie);
        session.update('visits', (visits = 0) => visits + 1);
        await plain.visit((other) => other.set('visits', 'many' as never));
        await sessions.commit(session);
        equal((await sessions.open(plain.cookie)).get('visits'), 1);
      },
    },

    ...refusedMeanwhile(open),
  ];
}

/** Refuses data whose theme is a number. */
const named = schema((data) =>
  typeof (data as { theme?: unknown }).theme === 'number'
    ? { issues: [{ message: 'old' }] }
    : { value: data },
);

/** What was refused is deleted with the next write, but never what another request has written in its place. */
function refusedMeanwhile(open: OpenStore): Case[] {
  const begin = async () => {
    const store = await open();
    const old = new Browser(shop({ store }).sessions);
    await old.visit((session) => {
      session.set('theme', 5 as never);
      session.set('visits', 3);
      session.set('cart', ['tea']);
    });
    const { sessions, events } = shop({
      store,
      schema: named as never,
      conflicts: { theme: 'reject', cart: 'reject' },
    });
    const both = [await sessions.open(old.cookie), await sessions.open(old.cookie)] as const;
    return { old, sessions, both, conflicts: () => events.filter(({ type }) => type === 'conflict') };
  };
  return [
    {
      name: 'a write in the place of refused data outlives the write of another key',
      async run() {
        const { old, sessions, both, conflicts } = await begin();
        const [one, other] = both;
        one.set('theme', 'dark');
        await sessions.commit(one);
        other.set('visits', 1);
        await sessions.commit(other);
        equal((await sessions.open(old.cookie)).data, { theme: 'dark', visits: 1 });
        equal(conflicts().length, 1);
      },
    },
    {
      name: 'data that a write made good stays, and an update runs again on it',
      async run() {
        const { old, sessions, both } = await begin();
        await old.visit((session) => session.set('theme', 'dark'));
        both[0].update('visits', (visits = 0) => visits + 1);
        await sessions.commit(both[0]);
        both[1].delete('cart');
        both[1].set('theme', 'light');
        equal(await sessions.commit(both[1]).catch(({ code }) => code), 'session-conflict');
        equal((await sessions.open(old.cookie)).data, { theme: 'dark', visits: 4, cart: ['tea'] });
      },
    },
    {
      name: 'what a request deletes itself goes, though it is good now',
      async run() {
        const { old, sessions, both } = await begin();
        await old.visit((session) => session.set('theme', 'dark'));
        both[0].delete('cart');
        both[0].set('visits', 1);
        await sessions.commit(both[0]);
        equal((await sessions.open(old.cookie)).data, { theme: 'dark', visits: 1 });
      },
    },
    {
      name: 'data that is refused still is deleted',
      async run() {
        const { old, sessions, both, conflicts } = await begin();
        await old.visit((session) => session.set('theme', 6 as never));
        both[0].set('visits', 1);
        await sessions.commit(both[0]);
        equal((await old.open()).data, { visits: 1 });
        equal(conflicts(), []);
      },
    },
  ];
}
