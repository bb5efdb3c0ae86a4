import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { notify } from './notify.ts';

test('a listener that throws breaks nothing and leaves no work', () => {
  const work = notify(() => {
    throw new Error('mine');
  });
  expect(work).toBeUndefined();
  expect(notify(() => 'done')).toBeUndefined();
  expect(notify(() => null)).toBeUndefined();
});

test('what an asynchronous listener still does can be waited for, and never rejects', async () => {
  let done = false;
  await notify(async () => {
    await undefined;
    done = true;
  });
  expect(done).toBe(true);
  await expect(notify(() => Promise.reject(new Error('mine')))).resolves.toBeUndefined();
});

test('a promise of another realm, or of a library of its own, is one too', async () => {
  const foreign: unknown = runInNewContext('Promise.reject(new Error("theirs"))');
  expect(foreign instanceof Promise).toBe(false);
  await expect(notify(() => foreign)).resolves.toBeUndefined();
  const own = Object.defineProperty({}, 'then', {
    value: (_: unknown, reject: (error: Error) => void) => reject(new Error('own')),
  });
  await expect(notify(() => own)).resolves.toBeUndefined();
});

test('a thenable whose then cannot even be read breaks nothing', () => {
  const broken = Object.defineProperty({}, 'then', {
    get() {
      throw new Error('mine');
    },
  });
  expect(notify(() => broken)).toBeUndefined();
});
