import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
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
