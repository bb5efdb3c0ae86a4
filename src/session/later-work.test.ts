import { expect, it } from 'vitest';
import { testClock } from '../testing/clock.ts';
import { LaterWork } from './later-work.ts';

const letOthersRun = () => new Promise(setImmediate);

it('many old sessions that wait for their end take one timer, and so many at most: others end by themselves', async () => {
  const clock = testClock(1_700_000_000_000);
  let timers = 0;
  const delay = (ms: number) => {
    timers += 1;
    return clock.delay(ms);
  };
  const ended: number[] = [];
  const later = new LaterWork({ ...clock, delay }, 60_000);
  for (let at = 0; at < 10_001; at += 1) later.add(() => ended.push(at));
  expect(timers).toBe(1);
  clock.advance('60s');
  await letOthersRun();
  expect([timers, ended.length, ended[0], ended.at(-1)]).toEqual([1, 10_000, 0, 9_999]);
  for (const at of [1, 2, 3]) {
    later.add(() => ended.push(at));
    clock.advance('20s');
  }
  await letOthersRun();
  expect([timers, ended.at(-1)]).toEqual([3, 1]);
  clock.advance('20s');
  await letOthersRun();
  expect([timers, ended.at(-1)]).toEqual([4, 2]);
});
