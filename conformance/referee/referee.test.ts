import { describe, expect, test } from 'vitest';
import { type EngineRules, engines } from '../../src/index.ts';
import { engineNames } from './engines/engine.ts';
import { explanations } from './explained.ts';
import { judge } from './judge.ts';

/*
 * What three browsers did is in logs/, and the jar is led through it again: `npm run referee` writes the logs. A sequence that is
 * not in them was changed since.
 */
describe.each(engineNames)('%s is the referee', (engine) => {
  const { judgements, missing } = judge(engine);
  const nameOf = ({ group, title }: (typeof judgements)[number]['sequence']) => `${group}: ${title}`;

  test('every sequence was asked, 500 of them at least', () => {
    expect(missing).toEqual([]);
    expect(judgements.length).toBeGreaterThanOrEqual(500);
  });

  test('what it does is what its profile says, and the rest is explained', () => {
    const unexplained = judgements.filter(
      ({ unlike, explained }) => unlike.length > 0 && explained === undefined,
    );
    expect(unexplained.map(({ sequence, unlike }) => [nameOf(sequence), ...unlike])).toEqual([]);
  });

  test('every rule of its profile occurs', () => {
    const occurring = new Set(judgements.flatMap(({ rules }) => rules));
    const idle = Object.keys(engines[engine].rules).filter(
      (rule) => !occurring.has(rule as keyof EngineRules),
    );
    expect(idle).toEqual([]);
  });

  test('every explanation is needed', () => {
    const unlike = new Set(
      judgements.filter((one) => one.unlike.length > 0).map(({ sequence }) => nameOf(sequence)),
    );
    const named = explanations.filter((one) => one.engine === engine).flatMap(({ sequences }) => sequences);
    expect(named.filter((name) => !unlike.has(name))).toEqual([]);
  });
});
