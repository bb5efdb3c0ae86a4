import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

test('without arguments the desk is one process with a file', () => {
  expect(readSettings([])).toEqual({ store: undefined, workers: 1, traceAnyUrl: false });
});

test('the store, the workers and the trace of any address are said on the command line', () => {
  const args = ['--store', 'redis://127.0.0.1', '--workers', '4', '--trace-any-url'];
  expect(readSettings(args)).toEqual({ store: 'redis://127.0.0.1', workers: 4, traceAnyUrl: true });
});

test.each([['--workers', 'many'], ['--workers', '0'], ['--workers', '65'], ['--what'], ['serve']])(
  '%s %s is refused with a sentence that says how it is written',
  (...args) => {
    expect(() => readSettings(args)).toThrow('npm start -- [--store redis://…');
  },
);
