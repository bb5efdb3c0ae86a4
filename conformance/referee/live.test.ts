import { expect, test } from 'vitest';
import { describeWith } from '../../tools/test/parts.ts';
import { engineNames } from './engines/engine.ts';
import { judge, unexplainedOf } from './judge.ts';
import { runEngine } from './run.ts';
import { sequences } from './sequences.ts';

/*
 * The short form of `npm run referee`: each engine of this machine is led through 25 sequences, the same ones every time. Their ids
 * are hashes, so that these are as good as drawn by lot.
 */
const few = new Map([...sequences].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 25));

for (const engine of engineNames) {
  describeWith(engine, `${engine}, live`, () => {
    test('does 25 sequences as its profile says', async () => {
      const log = await runEngine(engine, [...few.values()], { browsers: 1, windows: 3 });
      expect(unexplainedOf(judge(engine, log, few))).toEqual([]);
    }, 120_000);
  });
}
