import { expect, it } from 'vitest';
import { clone } from './clone.ts';

it('copies whatever can be changed in place, however deep', () => {
  const value = {
    list: [{ at: new Date(7) }],
    map: new Map([['a', new Set([[1]])]]),
    bare: Object.assign(Object.create(null), { a: { b: 1 } }),
    text: 'x',
  };
  const copy = clone(value);
  expect(copy).toEqual(value);
  expect(copy.list[0]).not.toBe(value.list[0]);
  expect(copy.list[0]?.at).not.toBe(value.list[0]?.at);
  expect([...(copy.map.get('a') ?? [])][0]).not.toBe([...(value.map.get('a') ?? [])][0]);
  expect(copy.bare.a).not.toBe(value.bare.a);
});

it('keeps what points to itself, and what stands twice is one thing in the copy too', () => {
  const loop: { self?: object; twice?: object[] } = {};
  loop.self = loop;
  loop.twice = [loop, loop];
  const copy = clone(loop);
  expect(copy).not.toBe(loop);
  expect([copy.self, copy.twice?.[0], copy.twice?.[1]]).toEqual([copy, copy, copy]);
});

it('leaves objects of other classes alone, and no key is special', () => {
  const url = new URL('https://example.com');
  const copy = clone(JSON.parse('{"__proto__":{"admin":true}}'));
  expect(clone({ url }).url).toBe(url);
  expect([Object.keys(copy), copy.admin]).toEqual([['__proto__'], undefined]);
});
