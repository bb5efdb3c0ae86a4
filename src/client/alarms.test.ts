import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { testClock } from 'hallpass/testing';
import { expect, it } from 'vitest';
import { type Alarmed, Alarms } from './alarms.ts';

function alarmed(dueAt: number, forgettable = false) {
  const one = { dueAt, forgettable, rang: 0, expire: () => void one.rang++, abort: () => {} };
  return one;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Lets the promises of a clock's delays go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('rings for each at its time, also when it was moved forward', async () => {
  const clock = testClock(0);
  const alarms = new Alarms(clock);
  const [late, soon, moved, gone] = [alarmed(9_000), alarmed(1_000), alarmed(8_000), alarmed(2_000)];
  for (const one of [late, soon, moved, gone]) alarms.add(one);
  alarms.delete(gone);
  moved.dueAt = 500;
  alarms.add(moved);
  const rang = async (by: '500ms' | '8s') => {
    clock.advance(by);
    await turn();
    return [late, soon, moved, gone].map((one) => one.rang);
  };
  expect(await rang('500ms')).toEqual([0, 0, 1, 0]);
  expect(await rang('500ms')).toEqual([0, 1, 1, 0]);
  expect(await rang('8s')).toEqual([1, 1, 1, 0]);
  expect(alarms.all()).toEqual([]);
});

it('holds what is forgettable weakly, and still rings for it while somebody else holds it', async () => {
  const clock = testClock(0);
  const alarms = new Alarms(clock);
  const held = alarmed(5_000, true);
  alarms.add(held);
  alarms.add(alarmed(1_000));
  let collected = false;
  const registry = new FinalizationRegistry(() => {
    collected = true;
  });
  (() => {
    const dropped: Alarmed = alarmed(60_000, true);
    registry.register(dropped, undefined);
    alarms.add(dropped);
  })();
  clock.advance('1s');
  await turn();
  await wait(0);
  collectGarbage();
  await wait(0);
  expect(collected).toBe(true);
  clock.advance('4s');
  await turn();
  expect(held.rang).toBe(1);
});
