import { expect, it } from 'vitest';
import { checkedSignIn, checkedUser } from './user-id.ts';

it.each(['ada', '7', 'ada@example.com', 'Ada Lovelace', '日本', '😀', '__proto__'])(
  '%s names a user',
  (id) => {
    expect(checkedUser(id, 'login')).toBe(id);
  },
);

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a number', 7],
  ['an empty text', ''],
  ['a line break', 'a\nb'],
  ['a NUL', 'a\0'],
  ['half a character, which stores keep as the same sign as every other half', '\ud800'],
])('%s names none', (_, id) => {
  expect(() => checkedUser(id, 'login')).toThrow(TypeError);
  expect(() => checkedUser(id, 'login')).toThrow('login needs the user’s id');
});

it.each([undefined, null, Number.NaN, {}])('String(%j) names nobody who could sign in', (none) => {
  expect(() => checkedSignIn(String(none), 'login')).toThrow('is the text of no id');
  expect(checkedSignIn(`${none}!`, 'login')).toBe(`${none}!`);
});
