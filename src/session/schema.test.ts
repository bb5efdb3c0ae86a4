import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { Browser, shop } from '../../tools/test/shop.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createSessions } from './index.ts';

const schema = (validate: (value: unknown) => object) => ({
  '~standard': { version: 1 as const, vendor: 'test', validate },
});

describe('what a schema gives belongs to one request', () => {
  const deep = { a: { b: 1 } };
  it.each([
    ['zod, by default', z.object({ k: z.number(), any: z.any().default({ deep: [] }) })],
    [
      'zod, by catch',
      z.object({ k: z.number(), any: z.object({ deep: z.array(z.any()) }).catch({ deep: [] }) }),
    ],
    ['valibot', v.object({ k: v.number(), any: v.optional(v.any(), { deep: [] }) })],
    ['arktype', type({ k: 'number', 'any?': 'unknown' }).pipe((out) => ({ ...out, any: deep }))],
    ['a Date of its own', schema((data) => ({ value: { ...(data as object), any: shared } }))],
  ])('%s: a default that one visitor changes is not the next one’s', async (_, given) => {
    const sessions = createSessions<{ k: number; any: unknown }>({
      store: memoryStore(),
      schema: given as never,
    });
    const start = async () => {
      const session = await sessions.open(null);
      session.set('k', 1);
      const [line = ''] = await sessions.commit(session);
      return line.split(';', 1)[0];
    };
    const [one, other] = [await start(), await start()];
    const first = await sessions.open(one);
    const before = JSON.stringify(first.data.any);
    change(first.data.any);
    expect(JSON.stringify(first.data.any)).not.toBe(before);
    for (const cookie of [one, other]) {
      expect(JSON.stringify((await sessions.open(cookie)).data.any)).toBe(before);
    }
  });
});

const shared = { date: new Date(0) };

/** Changes every object that it finds. */
function change(value: unknown): void {
  if (value instanceof Date) value.setTime(value.getTime() + 1);
  else if (Array.isArray(value)) value.push('changed');
  else if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) change(one);
    Object.assign(value, { changed: true });
  }
}

describeEachStore('updates and merges get what the schema gives, and not what was stored', (open) => {
  it('an update that runs again on a value of another request', async () => {
    const dated = schema((data) => {
      const { last, ...rest } = data as { last?: string };
      return { value: { ...rest, ...(last !== undefined && { last: new Date(last) }) } };
    });
    const sessions = createSessions<{ last: Date }>({ store: open(), schema: dated as never });
    const browser = new Browser(sessions as never);
    await browser.visit((session) => session.set('last' as never, new Date(0) as never));
    const [one, other] = [await sessions.open(browser.cookie), await sessions.open(browser.cookie)];
    for (const session of [one, other])
      session.update('last', (last) => new Date((last?.getTime() ?? 0) + 1_000));
    await sessions.commit(one);
    await sessions.commit(other);
    expect((await sessions.open(browser.cookie)).get('last')).toEqual(new Date(2_000));
  });

  it('a release that wrote text is still running, and nothing is added to text', async () => {
    const store = open();
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
    expect((await after.open()).get('visits')).toBe(8);
  });

  it.each([[1], [2]])('a merge, in round %i too', async (rounds) => {
    const store = open();
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
    expect(given.slice(-3)).toEqual([{ twice: rounds * 2 }, { twice: rounds * 2 + 2 }, { twice: 100 }]);
  });

  it('what the schema refuses meanwhile counts as absent, as when a session is opened', async () => {
    const store = open();
    const plain = new Browser(shop({ store }).sessions);
    await plain.visit((session) => session.set('visits', 1));
    const strict = z.object({ visits: z.number() });
    const { sessions } = shop({ store, schema: strict as never });
    const session = await sessions.open(plain.cookie);
    session.update('visits', (visits = 0) => visits + 1);
    await plain.visit((other) => other.set('visits', 'many' as never));
    await sessions.commit(session);
    expect((await sessions.open(plain.cookie)).get('visits')).toBe(1);
  });
});
