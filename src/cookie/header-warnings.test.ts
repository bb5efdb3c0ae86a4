import { describe, expect, it } from 'vitest';
import { defineCookie } from './define.ts';
import { cookieHeaderWarnings } from './header-warnings.ts';

const codes = (header: string) => cookieHeaderWarnings(header).map(({ code, facts }) => [code, facts?.name]);

describe('cookieHeaderWarnings', () => {
  it.each([['a=1; b=2'], ['a=1,2'], ['a=one, two'], ['a=, b'], ['']])('finds nothing odd in %j', (header) => {
    expect(codes(header)).toEqual([]);
  });

  it('X6: reports several cookies with one name, once', () => {
    expect(codes('a=1; b=2; a=3; a=4')).toEqual([['duplicate-cookie', 'a']]);
  });

  it('reports a value that looks comma-joined, and repeats nothing of it', () => {
    expect(codes('a=1, __Host-sid=2; c=3')).toEqual([['comma-joined-cookie', 'a']]);
    expect(JSON.stringify(cookieHeaderWarnings('a=1,\tsid=hunter2'))).not.toMatch(/hunter2|sid/);
  });

  it('names a cookie as people read it', () => {
    expect(codes('\xe6\x97\xa5=1; \xe6\x97\xa5=2')).toEqual([['duplicate-cookie', '日']]);
  });

  it('reads requests, headers and nothing', () => {
    expect(cookieHeaderWarnings(new Headers({ cookie: 'a=1; a=2' }))).toHaveLength(1);
    expect(cookieHeaderWarnings(null)).toEqual([]);
  });
});

describe('explain', () => {
  const sid = defineCookie('sid');

  it('X6: warns of duplicates of its own name only', () => {
    expect(sid.explain('sid=1; b=1; b=2').warnings).toEqual([]);
    expect(sid.explain('sid=1; sid=2')).toMatchObject({
      allowed: true,
      warnings: [{ code: 'duplicate-cookie' }],
    });
  });

  it('keeps a comma-joined look whole and warns of it, in its own value and where it may have swallowed the cookie', () => {
    expect(sid.read('sid=1, b=2')).toBe('1, b=2');
    expect(sid.explain('sid=1, b=2').warnings).toMatchObject([{ code: 'comma-joined-cookie' }]);
    expect(sid.read('a=1, sid=2')).toBeUndefined();
    expect(sid.explain('a=1, sid=2')).toMatchObject({
      allowed: false,
      reasons: [{ code: 'cookie-missing' }],
      warnings: [{ code: 'comma-joined-cookie', facts: { name: 'a' } }],
    });
    expect(sid.explain('a=1, b=2; sid=3').warnings).toEqual([]);
  });
});
