import { describe, expect, it } from 'vitest';
import { cookieSuite } from './suite.ts';

describe('cookies, by the vectors', () => {
  it.each(cookieSuite)('$name', ({ run }) => run());

  it('has a vector for every rule, each with a name of its own', () => {
    expect(cookieSuite.length).toBeGreaterThan(140);
    expect(new Set(cookieSuite.map((one) => one.name)).size).toBe(cookieSuite.length);
  });
});
