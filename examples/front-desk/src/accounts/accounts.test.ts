import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { describe, expect, test } from 'vitest';
import { memoryAccounts } from './account-store.ts';
import { addDemoUsers, createAccounts, removeDemoUsers } from './accounts.ts';
import { passwordProblem } from './new-password.ts';
import { type Cost, paddingOf, runScrypt, usualCost } from './password.ts';

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

describe('a wrong password costs the same work', () => {
  const present = { ln: 7, r: 8, p: 3 };
  const work = (runs: readonly Cost[]) => runs.reduce((sum, { ln, r, p }) => sum + 2 ** ln * r * p, 0);

  /** What it costs to guess at somebody, as the hashes that were run. */
  async function workOfGuess(store: ReturnType<typeof memoryAccounts>, id: string) {
    const runs: Cost[] = [];
    const accounts = createAccounts(store, present, (password, salt, cost) => {
      runs.push(cost);
      return runScrypt(password, salt, cost);
    });
    expect(await accounts.verify(id, 'wrong horse')).toBeUndefined();
    return work(runs);
  }

  test.each([
    ['of the present cost', present],
    ['as the people to try the desk as have it', { ln: 4, r: 8, p: 1 }],
    ['of half the memory', { ln: 6, r: 8, p: 3 }],
    ['of fewer rounds', { ln: 7, r: 8, p: 1 }],
    ['of smaller blocks', { ln: 7, r: 4, p: 5 }],
  ])('for a hash %s as for nobody', async (_what, former) => {
    const store = memoryAccounts();
    await createAccounts(store, former).signUp(ada);
    const nobody = await workOfGuess(store, 'nobody');
    expect([await workOfGuess(store, 'ada'), nobody]).toEqual([work([present]), work([present])]);
  });

  test('for everybody that a first start makes', async () => {
    const store = memoryAccounts();
    await addDemoUsers(store);
    for (const id of ['ada', 'grace']) {
      const [, ln, r, p] = /ln=(\d+),r=(\d+),p=(\d+)/.exec((await store.read(id))?.password ?? '') ?? [];
      const stored = { ln: Number(ln), r: Number(r), p: Number(p) };
      expect(work([stored, ...paddingOf(stored, usualCost)])).toBe(work([usualCost]));
    }
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
  ['123456789012', 'ada', /commonest/],
  ['password password', 'ada', /commonest/],
  ['P@ssw0rd2026!', 'ada', /commonest/],
  ['qwertyuiop12', 'ada', /commonest/],
  ['1q2w3e4r5t6y', 'ada', /commonest/],
  ['asdfghjkl;123', 'ada', /commonest/],
  ['abcdefghijkl', 'ada', /commonest/],
  ['987654321000', 'ada', /commonest/],
  ['iloveyou iloveyou', 'ada', /commonest/],
  ['welcome-admin-123', 'ada', /commonest/],
  ['horse horse horse', 'ada', /again and again/],
  ['xk4Pxk4Pxk4P', 'ada', /again and again/],
  ['correct horse battery', 'ada', undefined],
  ['connexion of the sciences', 'mary', undefined],
  ['analytical-engine', 'ada', undefined],
  ['first-compiler', 'grace', undefined],
  ['Zq7!vT2#mX9p', 'ada', undefined],
  ['the admin forgot a password', 'ada', undefined],
])('of the new password "%s" of %s it is said: %s', (password, user, problem) => {
  if (problem === undefined) expect(passwordProblem(password, user)).toBeUndefined();
  else expect(passwordProblem(password, user)).toMatch(problem);
});
