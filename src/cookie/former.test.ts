import { describe, expect, it } from 'vitest';
import { CookieJar } from '../jar/index.ts';
import { defineCookie } from './define.ts';
import type { FormerCookie } from './types.ts';

const page = 'https://app.example.com/account';

/** The Cookie header of a browser that had the variant from before, and then got these lines. */
function sentAfter(before: string, lines: readonly string[]): string {
  const jar = new CookieJar();
  for (const line of [before, ...lines]) jar.set(line, page);
  return jar.header(page) ?? '';
}

describe.each<[string, string, object, FormerCookie]>([
  ['host-only', 'sid=old; Path=/; Secure', { domain: 'example.com' }, { domain: null }],
  ['a Domain', 'sid=old; Domain=example.com; Path=/; Secure', {}, { domain: 'example.com' }],
  ['a path', 'sid=old; Path=/account; Secure', {}, { path: '/account' }],
  [
    'partitioned',
    'sid=old; Path=/; Secure; SameSite=None; Partitioned',
    { sameSite: 'none' },
    { partitioned: true },
  ],
  [
    'of another name',
    'old=old; Domain=example.com; Path=/; Secure',
    {},
    { name: 'old', domain: 'example.com' },
  ],
])('a cookie that was once %s', (_, before, options, former) => {
  const definition = defineCookie('sid', { ...options, former: [former] });

  it('is gone with the first write of the new one', () => {
    const headers = definition.set(new Headers(), 'new');
    expect(sentAfter(before, headers.getSetCookie())).toBe('sid=new');
  });

  it('is gone with the first write of a new one that is encoded', async () => {
    const codec = { encode: async (text: string) => text, decode: async (text: string) => text };
    const coded = defineCookie('sid', { ...options, former: [former], codec });
    const headers = await coded.set(new Headers(), 'new');
    expect(sentAfter(before, headers.getSetCookie())).toBe('sid=new');
  });

  it('is gone with a deletion', () => {
    expect(sentAfter(before, definition.serializeDelete())).toBe('');
  });

  it('is expired before the new one is set, so that a user agent that takes both for one keeps the new one', () => {
    const lines = definition.set(new Headers(), 'new').getSetCookie();
    expect(lines.map((line) => line.includes('Max-Age=0'))).toEqual([true, false]);
  });
});

it('a __Host- cookie may have had another name, whatever its scope was, and not another scope', () => {
  const former = [{ name: 'sid', domain: 'example.com' }];
  expect(defineCookie('__Host-sid', { former }).serializeDelete()).toHaveLength(2);
  expect(() => defineCookie('__Host-sid', { former: [{ domain: 'example.com' }] })).toThrow(TypeError);
});
