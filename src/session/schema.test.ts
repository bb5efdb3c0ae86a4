import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { hostSessions } from '../cookie/host-sessions.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { createSessions } from './index.ts';

const schema = (validate: (value: unknown) => object) => ({
  '~standard': { version: 1 as const, vendor: 'test', validate },
});

const keys = keyRing(generateKey());

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

describe('what a schema is against is named', () => {
  const secret = 'hp-secret-theme';
  const theme = ['light', 'dark'] as const;
  it.each([
    ['zod', z.object({ cart: z.array(z.string()), theme: z.enum(theme), seen: z.number() })],
    ['valibot', v.object({ cart: v.array(v.string()), theme: v.picklist(theme), seen: v.number() })],
    ['arktype', type({ cart: 'string[]', theme: "'light'|'dark'", seen: 'number' })],
  ])(
    '%s: keys that are missing and keys that are refused, in the event and, once, on the console; no value',
    async (_, given) => {
      vi.stubEnv('NODE_ENV', 'development');
      const console = vi.spyOn(globalThis.console, 'warn').mockImplementation(() => {});
      const events: unknown[] = [];
      const sessions = createSessions<Record<string, unknown>>({
        store: memoryStore(),
        schema: given as never,
        onEvent: (event) => event.type === 'data-refused' && events.push(event),
      });
      const session = await sessions.open(null);
      session.set('theme', secret);
      const cookie = (await sessions.commit(session))[0]?.split(';')[0];
      expect((await sessions.open(cookie)).get('theme')).toBeUndefined();
      await sessions.open(cookie);
      const [event] = events as { missing: string[]; invalid: string[] }[];
      expect([event?.missing.toSorted(), event?.invalid]).toEqual([['cart', 'seen'], ['theme']]);
      expect(JSON.stringify(events) + String(console.mock.calls)).not.toContain(secret);
      for (const [sentence] of console.mock.calls) {
        expect(sentence).toMatch(
          /asks for .*(cart|seen).*refuses the value of theme.*\(npx hallpass why data-refused\)$/,
        );
      }
      expect(console.mock.calls.length).toBeLessThanOrEqual(1);
      vi.unstubAllEnvs();
      console.mockRestore();
    },
  );

  it('the first is told on the console, outside of development nobody is', async () => {
    const console = vi.spyOn(globalThis.console, 'warn').mockImplementation(() => {});
    const sessions = createSessions<Record<string, unknown>>({
      store: memoryStore(),
      schema: z.object({ never: z.string() }) as never,
    });
    const session = await sessions.open(null);
    session.set('other', 1);
    const cookie = (await sessions.commit(session))[0]?.split(';')[0];
    for (const [mode, calls] of [
      ['production', 0],
      ['development', 1],
      ['development', 1],
    ] as const) {
      vi.stubEnv('NODE_ENV', mode);
      await sessions.open(cookie);
      expect(console.mock.calls, mode).toHaveLength(calls);
    }
    expect(String(console.mock.calls[0])).toContain('it asks for never, which was never set');
    vi.unstubAllEnvs();
    console.mockRestore();
  });
});

describe('what a schema refused', () => {
  const textsOnly = schema((data) =>
    Object.values(data as object).every((one) => typeof one === 'string')
      ? { value: Object.fromEntries(Object.entries(data as object).map(([key, one]) => [key, `${one}!`])) }
      : { issues: [{ message: 'A number.' }] },
  );
  /** A visitor with this data, as sessions of that schema see it. */
  const stored = async (data: Record<string, unknown>, conflicts: 'last' | 'reject' = 'last') => {
    const store = memoryStore();
    const before = createSessions<Record<string, unknown>>({ store });
    const session = await before.open(null);
    for (const [key, value] of Object.entries(data)) session.set(key, value);
    const [line = ''] = await before.commit(session);
    const cookie = line.split(';', 1)[0];
    const sessions = createSessions<Record<string, unknown>>({
      store,
      schema: textsOnly as never,
      conflicts: { theme: conflicts },
    });
    return { sessions, open: () => sessions.open(cookie), raw: async () => (await before.open(cookie)).data };
  };

  it.each(['last', 'reject'] as const)(
    'deletes nothing that another request has written meanwhile (conflicts: %s)',
    async (policy) => {
      const { sessions, open, raw } = await stored({ theme: 5, other: 6 }, policy);
      const [first, second] = [await open(), await open()];
      first.set('theme', 'dark');
      await sessions.commit(first);
      second.set('visits', 'one');
      await sessions.commit(second);
      expect(await raw()).toEqual({ theme: 'dark', visits: 'one' });
    },
  );

  it('is deleted with the next write still, where it is refused as another request has written it, too', async () => {
    const { sessions, open, raw } = await stored({ theme: 5, other: 6 });
    const session = await open();
    session.set('visits', 'one');
    await sessions.commit(session);
    expect(await raw()).toEqual({ visits: 'one' });
  });

  it.each([
    ['refused', { theme: 5 }, {}],
    ['migrated', { theme: 'dark' }, { theme: 'dark!' }],
  ])('is so for the handler of a request that failed: %s', async (_, data, seen) => {
    const { sessions, open } = await stored(data);
    const session = await open();
    session.set('visits', 'one');
    hostSessions(sessions).abandon(session);
    expect(session.data).toEqual(seen);
  });
});

describe('an update in a login whose session ended meanwhile', () => {
  const counted = z.object({ name: z.string(), count: z.number().default(10) });
  const defaulted = z.object({ name: z.string().optional(), count: z.number().default(10) });
  const stored = () => ({ store: memoryStore() });
  it.each([
    ['an absent value', stored(), counted, { name: 'ada' }],
    ['a stored value', stored(), counted, { name: 'ada', count: 5 }],
    ['the only value', stored(), defaulted, { count: 5 }],
    [
      'a value that is sealed',
      { sealed: { keys, revocations: memoryRevocations() } },
      counted,
      { name: 'ada' },
    ],
  ])('runs on the default of the schema: %s', async (_, kept, given, data) => {
    const sessions = createSessions<Record<string, unknown>>({ ...kept, schema: given as never } as never);
    const session = await sessions.open(null);
    for (const [key, value] of Object.entries(data)) session.set(key, value);
    const [line = ''] = await sessions.commit(session);
    const cookie = line.split(';', 1)[0];
    const [first, second] = [await sessions.open(cookie), await sessions.open(cookie)];
    first.logout();
    second.update('count', (count) => (count as number) + 1);
    second.set('name', 'bob');
    second.login('bob');
    await sessions.commit(first);
    const [own = ''] = await sessions.commit(second);
    const { user, data: seen } = await sessions.open(own.split(';', 1)[0]);
    expect([user, seen]).toEqual(['bob', { name: 'bob', count: 11 }]);
  });

  it('or, on data that was refused, on what another request wrote in its place', async () => {
    const store = memoryStore();
    const before = createSessions<Record<string, unknown>>({ store });
    const session = await before.open(null);
    session.set('count', 'many');
    const cookie = (await before.commit(session))[0]?.split(';', 1)[0];
    const sessions = createSessions<Record<string, unknown>>({ store, schema: counted as never });
    const [first, second] = [await before.open(cookie), await sessions.open(cookie)];
    second.update('count', (count) => (typeof count === 'number' ? count + 1 : undefined));
    second.set('name', 'bob');
    first.set('count', 5);
    first.set('name', 'ada');
    await before.commit(first);
    await sessions.commit(second);
    expect((await before.open(cookie)).data).toEqual({ count: 6, name: 'bob' });
  });

  it('or where another request deleted all there was', async () => {
    const sessions = createSessions<{ count: number }>({ store: memoryStore(), schema: defaulted as never });
    const session = await sessions.open(null);
    session.set('count', 5);
    const cookie = (await sessions.commit(session))[0]?.split(';', 1)[0];
    const [first, second] = [await sessions.open(cookie), await sessions.open(cookie)];
    first.delete('count');
    second.update('count', (count) => (count as number) + 1);
    await sessions.commit(first);
    await sessions.commit(second);
    expect((await sessions.open(cookie)).data).toEqual({ count: 11 });
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
