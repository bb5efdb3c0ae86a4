import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { describe, expect, test } from 'vitest';
import { memoryAccounts } from './account-store.ts';
import { addDemoUsers, createAccounts, removeDemoUsers } from './accounts.ts';
import { passwordProblem } from './password.ts';

const cheap = { ln: 4, r: 8, p: 1 };
const ada = { id: 'ada', name: 'Ada Lovelace', password: 'correct horse battery' };

describe('accounts', () => {
  const store = memoryAccounts();

  test('are signed up once: the second person of that name changes nothing', async () => {
    const accounts = createAccounts(store, cheap);
    expect(await accounts.signUp(ada)).toEqual({ id: 'ada', name: 'Ada Lovelace' });
    expect(await accounts.signUp({ ...ada, name: 'Eve', password: 'something else' })).toBeUndefined();
    expect(await accounts.find('ada')).toEqual({ id: 'ada', name: 'Ada Lovelace' });
    expect((await store.read('ada'))?.password).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/);
  });

  test.each([
    ['a wrong password', 'ada', 'wrong horse'],
    ['an empty password', 'ada', ''],
    ['an unknown user', 'eve', ada.password],
    ['a name of the prototype', '__proto__', ''],
  ])('%s gives nobody', async (_what, id, password) => {
    expect(await createAccounts(store, cheap).verify(id, password)).toBeUndefined();
  });

  test('a changed password counts, the one before does not, and changes at once lose nothing', async () => {
    const accounts = createAccounts(store, cheap);
    const { version = 0 } = (await store.read('ada')) ?? {};
    await Promise.all([
      accounts.setPassword('ada', 'first new one'),
      accounts.setPassword('ada', 'other new one'),
    ]);
    expect((await store.read('ada'))?.version).toBe(version + 2);
    await accounts.setPassword('ada', 'the last new one');
    expect(await accounts.verify('ada', ada.password)).toBeUndefined();
    expect((await accounts.verify('ada', 'the last new one'))?.id).toBe('ada');
  });

  test('a hash of a former cost is made again when its user signs in', async () => {
    const dearer = { ln: 5, r: 8, p: 1 };
    expect((await createAccounts(store, dearer).verify('ada', 'the last new one'))?.id).toBe('ada');
    expect((await store.read('ada'))?.password).toMatch(/^\$scrypt\$ln=5,r=8,p=1\$/);
  });
});

test('the people to try the desk as are gone in production, signed in or not; who took another password stays', async () => {
  const store = memoryAccounts();
  const sessions = createSessions({ store: memoryStore() });
  await addDemoUsers(store);
  await createAccounts(store, cheap).setPassword('grace', 'nanoseconds of wire');
  const session = await sessions.open(null);
  session.login('ada');
  const [line] = await sessions.commit(session);
  await removeDemoUsers(store, sessions);
  expect([await store.read('ada'), (await store.read('grace'))?.id]).toEqual([undefined, 'grace']);
  expect((await sessions.open(line?.split(';')[0])).user).toBeUndefined();
});

test.each([
  ['short', 'ada', /at least 12/],
  ['🐎🐎🐎🐎🐎🐎', 'ada', /at least 12/],
  ['aaaaaaaaaaaaaaaa', 'ada', /again and again/],
  ['i am ADA the first', 'ada', /user name/],
  ['x1y2'.repeat(60), 'ada', /at most 200/],
  ['correct horse battery', 'ada', undefined],
])('of the new password "%s" of %s it is said: %s', (password, user, problem) => {
  if (problem === undefined) expect(passwordProblem(password, user)).toBeUndefined();
  else expect(passwordProblem(password, user)).toMatch(problem);
});
