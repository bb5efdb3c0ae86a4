import type { LintCode } from 'hallpass';
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../src/scope/lint-finding.ts';
import { auditCalls, type Breaking, companions, exchangeCalls, lintCalls, serverCalls } from './findings.ts';

/** A code without a call does not compile here: the set is closed. */
const calls: Record<LintCode, Breaking> = { ...lintCalls, ...exchangeCalls, ...auditCalls, ...serverCalls };

describe('every rule can be broken, alone, and is told as a sentence with a fix and a source', () => {
  it.each(Object.entries(calls))('%s', async (code, call) => {
    const found = await call();
    const others = companions[code as LintCode] ?? [];
    expect(new Set(found.map((one) => one.code))).toEqual(new Set([code, ...others]));
    const { level, source } = lintRules[code as LintCode];
    const given = found.find((one) => one.code === code);
    expect(given).toMatchObject({ level, source });
    expect(given?.sentence).toMatch(/^[^{}]{10,}\.$/);
    expect(given?.fix).toMatch(/^(?!.*\{\w+\}).{10,}\.$/);
  });

  it('and there is no rule beyond these', () => {
    expect(Object.keys(calls).sort()).toEqual(Object.keys(lintRules).sort());
  });
});
