import { describe, expect, test } from 'vitest';
import { engineNames } from './engines/engine.ts';
import { complaints } from './judge.ts';
import { sequences } from './sequences.ts';

/*
 * What three browsers did is in logs/, and the jar is led through it again: `npm run referee` writes the logs. A sequence that is
 * not in them was changed since.
 */
describe.each(engineNames)('%s is the referee', (engine) => {
  test('what it does is what its profile says or is explained, and of both nothing is idle', () => {
    expect(complaints(engine)).toEqual([]);
  });
});

test('500 sequences at least are asked', () => {
  expect(sequences.size).toBeGreaterThanOrEqual(500);
});
