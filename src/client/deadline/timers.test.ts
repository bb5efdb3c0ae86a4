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
