import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { changesOf, readSurvivors, stands } from './survivors.ts';

test('a change that no test noticed is named by its line, wherever the line stands', () => {
  const mutant = (line: number) => ({
    ...{ id: '0', file: 'src/a.ts', replacement: 'a <= b' },
    location: { start: { line, column: 7 }, end: { line, column: 12 } },
  });
  const [first] = changesOf([mutant(1)], () => 'return a < b;');
  const [second] = changesOf([mutant(3)], () => '\n  \nreturn a < b;');
  expect(first).toEqual({ id: 'src/a.ts: a < b → a <= b in return a < b;', at: 'src/a.ts:1:8' });
  expect(second).toEqual({ id: first?.id, at: 'src/a.ts:3:8' });
  expect(stands(first?.id ?? '', () => '  return a < b;\n')).toBe(true);
  expect(stands(first?.id ?? '', () => '  return a <= b;\n')).toBe(false);
});

test('every change that survives stands in the code, once, under a reason', () => {
  const { reasons } = readSurvivors();
  const changes = reasons.flatMap(({ changes }) => changes);
  const sources = new Map<string, string>();
  const sourceOf = (file: string) => {
    if (!sources.has(file)) sources.set(file, existsSync(file) ? readFileSync(file, 'utf8') : '');
    return sources.get(file) ?? '';
  };
  expect(changes.filter((id) => !stands(id, sourceOf))).toEqual([]);
  expect(changes.filter((id, n) => changes.indexOf(id) !== n)).toEqual([]);
  expect(reasons.filter(({ why }) => why.split(' ').length < 4)).toEqual([]);
});

test('what a campaign judged was noticed, or is named', () => {
  for (const { judged, noticed, missed } of Object.values(readSurvivors().campaigns))
    expect(noticed + missed.length).toBe(judged);
});
