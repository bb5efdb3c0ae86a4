import { describe, expect, it } from 'vitest';
import { testClock } from '../testing/clock.ts';
import { atOnce, promised } from './at-once.ts';
import type { SessionStore } from './contract.ts';
import { memoryStore } from './memory/memory-store.ts';
import { timedStore, withTimeLimit } from './time-limit.ts';

const now = 1_000;

function guarded(store: SessionStore) {
  const failed: string[] = [];
  const guard: Parameters<typeof timedStore>[1] = withTimeLimit(2_000, testClock(now), (operation) =>
    failed.push(operation),
  );
  return { store: timedStore(store, guard), failed };
}

describe('a method over a step', () => {
  it('is asynchronous for everybody, and its step answers at once', async () => {
    const half = promised((whole: number) => whole / 2);
    expect(half(4)).toBeInstanceOf(Promise);
    expect(await half(4)).toBe(2);
    expect(atOnce(half)(4)).toBe(2);
  });

  it('rejects with what its step throws', async () => {
    const failing = promised(() => {
      throw new Error('full');
    });
    await expect(failing()).rejects.toThrow('full');
  });

  it('of another hand is its own step', () => {
    const own = async () => 1;
    expect(atOnce(own)).toBe(own);
  });
});

describe('a guarded store', () => {
  it('answers at once over a memory store', () => {
    const { store } = guarded(memoryStore());
    expect(store.read('s', { now })).toBeUndefined();
    expect(store.patch('s', { gen: 0, now })).toEqual({ gone: 'absent' });
    expect(store.touch('s', { gen: 0, now })).toBe(false);
  });

  it('asks the method that stands there now, also one that was put in the place of a memory store’s', async () => {
    let asked = 0;
    const read: SessionStore['read'] = async () => {
      asked += 1;
      return undefined;
    };
    const copy = guarded({ ...memoryStore(), read });
    await copy.store.read('s', { now });
    const changed = memoryStore();
    const late = guarded(changed);
    changed.read = read;
    await late.store.read('s', { now });
    expect(asked).toBe(2);
  });

  it('calls a method of a class as one', async () => {
    class Counting {
      calls = 0;
      async read() {
        this.calls += 1;
        return undefined;
      }
    }
    const counting = new Counting();
    await guarded(counting as unknown as SessionStore).store.read('s', { now });
    expect(counting.calls).toBe(1);
  });

  it('rejects and tells of a step that throws at once', async () => {
    const read = promised((): undefined => {
      throw new Error('broken');
    });
    const { store, failed } = guarded({ ...memoryStore(), read });
    await expect(store.read('s', { now })).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(failed).toEqual(['read']);
  });

  it('waits for a promise of any make', async () => {
    // biome-ignore lint/suspicious/noThenProperty: a promise of another make is an object with this method.
    const foreign = { then: (done: (row: undefined) => void) => done(undefined) };
    const { store } = guarded({ ...memoryStore(), read: () => foreign as Promise<undefined> });
    expect(await store.read('s', { now })).toBeUndefined();
  });
});
