import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors.ts';
import { lintRules } from '../scope/lint-finding.ts';
import { reasons } from '../scope/reasons.ts';
import { explainedCodes } from './explained.ts';
import { explanations, groups } from './explanations.ts';
import { races } from './races.ts';

const widest = 76;

describe.each([...explainedCodes.values()])('$code', ({ code, why, fix, sentence, example }) => {
  it('says what happened and what to do in whole sentences, and does not repeat the one that is shown above', () => {
    for (const text of [why, fix]) {
      expect(text).toMatch(/^[^\s].{20,}\.$/);
      expect(text.split('`').length % 2, 'a piece of code is not closed').toBe(1);
      expect(text).not.toContain(sentence.replaceAll(/\{\w+\}/g, '').trim());
    }
    expect(why.length).toBeLessThan(520);
    expect(fix.length).toBeLessThan(520);
  });

  it('has an example that fits a terminal, uses entry points only, and prints the code', () => {
    const lines = example.split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(widest);
    expect(example).toMatch(/^import /);
    for (const [, from] of example.matchAll(/ from '([^']+)'/g))
      expect(from).toMatch(/^(hallpass|node:|hono$)/);
    expect(example).toMatch(new RegExp(`// → (.* )?${code}( .*)?$`, 'm'));
  });
});

it('every code stands in one group, and in no other', () => {
  const grouped = groups.flatMap((group) => Object.keys(group.explanations));
  expect([...grouped].sort()).toEqual(Object.keys(explanations).sort());
  expect(new Set(grouped).size).toBe(grouped.length);
  const errors = [...explainedCodes.values()].filter(({ kind }) => kind === 'error');
  const others = [reasons, lintRules, races].flatMap((table) => Object.keys(table));
  expect(grouped.length - errors.length).toBe(others.length);
  expect(errors.map(({ code }) => code satisfies string as ErrorCode)).toContain('csrf-refused');
});

it('every code of src is explained: of each closed list of codes, of each report, and of the answers to what is no HttpError', () => {
  const root = new URL('..', import.meta.url).pathname;
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => !/\.test\.ts$|^why\/races/.test(file));
  const written = files.flatMap((file) => {
    const text = readFileSync(root + file, 'utf8').replaceAll(/^ *\/\/.*\n/gm, '');
    const lists = [...text.matchAll(/type \w*Code =((?:\s*\|?\s*'[a-z-]+')+)/g)].flatMap(([, list = '']) => [
      ...list.matchAll(/'([a-z-]+)'/g),
    ]);
    const single = text.matchAll(/(?:\bcode: |\breport\(|Response\.json\(\{ error: )'([a-z-]+)'/g);
    return [...lists, ...single].map(([, code = '']) => ({ file, code }));
  });
  expect(written.filter(({ code }) => !explainedCodes.has(code))).toEqual([]);
  expect(new Set(written.map(({ code }) => code)).size).toBeGreaterThan(40);
});
