import { describe, expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';

const minutes = 60_000;

/** Sessions of a process whose clock is ahead of the store's by so much, and what they reported. */
function process({
  store,
  clock = testClock(),
}: {
  store: SessionStore;
  clock?: ReturnType<typeof testClock>;
}) {
  const { sessions, events } = shop({ store, clock });
  const skews = () => events.filter(({ type }) => type === 'clock-skew');
  return { browser: new Browser(sessions), clock, skews };
}

describe('a clock that differs from that of the store', () => {
  const withTime = (serverTime: () => Promise<number>) => ({ ...memoryStore(), serverTime });

  it('is an event, once in ten minutes', async () => {
    const clock = testClock();
    const { browser, skews } = process({ store: withTime(async () => clock.now() - 10 * minutes), clock });
    for (const cart of [['tea'], ['milk'], ['jam']])
      await browser.visit((session) => session.set('cart', cart));
    expect(skews()).toMatchObject([{ ahead: 10 * minutes }]);
    clock.advance('11m');
    await browser.visit((session) => session.set('theme', 'dark'));
    expect(skews()).toHaveLength(2);
  });

  it('is none where they differ by less than five seconds, or by less than the answer took', async () => {
    const clock = testClock();
    const near = process({ store: withTime(async () => clock.now() + 4_900), clock });
    await near.browser.visit((session) => session.set('theme', 'dark'));
    expect(near.skews()).toEqual([]);
    const late = process({
      store: withTime(async () => {
        const answer = clock.now();
        clock.advance('20s');
        return answer;
      }),
      clock,
    });
    await late.browser.visit((session) => session.set('theme', 'dark'));
    expect(late.skews()).toEqual([]);
  });

  it('breaks nothing where the store does not tell it', async () => {
    const { browser, skews } = process({ store: withTime(() => Promise.reject(new Error('no right'))) });
    await browser.visit((session) => session.login('ada'));
    expect(await browser.user()).toBe('ada');
    expect(skews()).toEqual([]);
  });
});
