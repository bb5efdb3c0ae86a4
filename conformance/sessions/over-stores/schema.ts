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
  ];
}
