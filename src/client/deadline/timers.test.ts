import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { testClock } from 'hallpass/testing';
import { expect, it } from 'vitest';
import { DeadlineTimer, type Scheduled } from './timers.ts';

function timed(dueAt: number, forgettable = false) {
  const one = { dueAt, forgettable, expired: 0, expire: () => void one.expired++, abort: () => {} };
  return one;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Lets the promises of a clock's delays go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('ends each at its time, also when it was moved forward', async () => {
  const clock = testClock(0);
  const timer = new DeadlineTimer(clock);
  const [late, soon, moved, gone] = [timed(9_000), timed(1_000), timed(8_000), timed(2_000)];
  for (const one of [late, soon, moved, gone]) timer.schedule(one);
  timer.cancel(gone);
  moved.dueAt = 500;
  timer.schedule(moved);
  const expired = async (by: '500ms' | '8s') => {
    clock.advance(by);
    await turn();
    return [late, soon, moved, gone].map((one) => one.expired);
  };
  expect(await expired('500ms')).toEqual([0, 0, 1, 0]);
  expect(await expired('500ms')).toEqual([0, 1, 1, 0]);
  expect(await expired('8s')).toEqual([1, 1, 1, 0]);
  expect(timer.all()).toEqual([]);
});

it('holds what is forgettable weakly, and still ends it while somebody else holds it', async () => {
  const clock = testClock(0);
  const timer = new DeadlineTimer(clock);
  const held = timed(5_000, true);
  timer.schedule(held);
  timer.schedule(timed(1_000));
  let collected = false;
  const registry = new FinalizationRegistry(() => {
    collected = true;
  });
  (() => {
    const dropped: Scheduled = timed(60_000, true);
    registry.register(dropped, undefined);
    timer.schedule(dropped);
  })();
  clock.advance('1s');
  await turn();
  await wait(0);
  collectGarbage();
  await wait(0);
  expect(collected).toBe(true);
  clock.advance('4s');
  await turn();
  expect(held.expired).toBe(1);
});

it('keeps no memory of what was forgotten and is gone', async () => {
  const clock = testClock(0);
  const timer = new DeadlineTimer(clock);
  for (const dueAt of [1_000, 5_000, 9_000]) timer.schedule(timed(dueAt));
  const heap = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const pass = async (time: '1s' | '4s') => {
    clock.advance(time);
    await turn();
    await wait(0);
  };
  const before = heap();
  (() => {
    for (let at = 0; at < 100_000; at += 1) timer.schedule(timed(60_000, true));
  })();
  await pass('1s');
  collectGarbage();
  await wait(0);
  await pass('4s');
  expect(heap() - before).toBeLessThan(2_000_000);
  expect(timer.all()).toHaveLength(1);
});
