import { describe, expect, test } from 'vitest';
import { createUsers } from './users.ts';

describe('users', () => {
  const users = createUsers([{ id: 'ada', name: 'Ada Lovelace', password: 'correct horse' }]);

  test('the right password gives the user, without the hash', async () => {
    expect(await (await users).verify('ada', 'correct horse')).toEqual({ id: 'ada', name: 'Ada Lovelace' });
  });

  test.each([
    ['a wrong password', 'ada', 'wrong horse'],
    ['an empty password', 'ada', ''],
    ['an unknown user', 'eve', 'correct horse'],
    ['a name of the prototype', '__proto__', ''],
  ])('%s gives nobody', async (_, id, password) => {
    expect(await (await users).verify(id, password)).toBeUndefined();
  });
});
