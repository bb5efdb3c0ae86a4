import { describe, expect, it } from 'vitest';
import { sealedShop, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';
import type { Sessions } from './index.ts';

const junk = (count: number) =>
  Array.from({ length: count }, (_, at) => `${'A'.repeat(21)}${at % 10}.${'B'.repeat(43)}`);

async function signIn(sessions: Sessions<never>, user: string): Promise<string> {
  const session = await sessions.open(null);
  session.login(user);
  const [line = ''] = await sessions.commit(session);
  return line.slice(line.indexOf('=') + 1).split(';', 1)[0] ?? '';
}

const header = (values: readonly string[], name = 'sid') =>
  values.map((value) => `${name}=${value}`).join('; ');

describe.each([
  ['stored', (cookie: object) => shop({ cookie })],
  ['sealed', (cookie: object) => sealedShop({ cookie })],
])('several %s session cookies', (_, make) => {
  it('the first that opens a session counts, whatever came before it', async () => {
    const { sessions, events } = make({ name: 'sid' });
    const ada = await signIn(sessions as never, 'ada');
    for (const before of [['nothing of ours'], junk(2), ['', 'x', ...junk(2)]]) {
      const session = await sessions.open(header([...before, ada]));
      expect([session.user, session.explain().allowed]).toEqual(['ada', true]);
    }
    expect(events.filter(({ type }) => type === 'duplicate-cookie')).toHaveLength(3);
  });

  it('of two that open, the first', async () => {
    const { sessions } = make({ name: 'sid' });
    const [ada, grace] = [await signIn(sessions as never, 'ada'), await signIn(sessions as never, 'grace')];
    expect((await sessions.open(header([grace, ada]))).user).toBe('grace');
  });

  it('behind one that ended, nothing is looked at: who signed out does not become somebody else', async () => {
    const { sessions } = make({ name: 'sid' });
    const [ada, other] = [await signIn(sessions as never, 'ada'), await signIn(sessions as never, 'other')];
    const leaving = await sessions.open(header([ada]));
    leaving.logout();
    await sessions.commit(leaving);
    const session = await sessions.open(header([ada, other]));
    expect([session.user, session.explain().reasons[0]?.code]).toEqual([undefined, 'session-revoked']);
  });

  it('a logout ends each that opens', async () => {
    const { sessions } = make({ name: 'sid' });
    const [ada, grace] = [await signIn(sessions as never, 'ada'), await signIn(sessions as never, 'grace')];
    const session = await sessions.open(header([ada, grace]));
    session.logout();
    await sessions.commit(session);
    for (const value of [ada, grace]) expect((await sessions.open(header([value]))).user).toBeUndefined();
  });

  it('of a __Host- name, which has one scope, the first alone', async () => {
    const { sessions } = make({});
    const ada = await signIn(sessions as never, 'ada');
    const session = await sessions.open(header(['nothing of ours', ada], '__Host-session'));
    expect(session.user).toBeUndefined();
  });
});

describe('a store that reads several rows at once', () => {
  const reading = (readMany: SessionStore['readMany']) =>
    shop({ store: { ...memoryStore(), readMany }, cookie: { name: 'sid' } });

  it('is asked once, for three at most', async () => {
    const asked: (readonly string[])[] = [];
    const { sessions, calls } = reading(async (selectors) => {
      asked.push(selectors);
      return selectors.map(() => undefined);
    });
    const session = await sessions.open(header(junk(9)));
    expect(session.explain().reasons[0]?.code).toBe('session-unknown');
    expect([calls, asked]).toEqual([['readMany'], [junk(3).map((value) => value.slice(0, 22))]]);
  });

  it('and does not answer is away: one event, and 503', async () => {
    const { sessions, events } = reading(() => Promise.reject(new Error('away')));
    await expect(sessions.open(header(junk(2)))).rejects.toMatchObject({ status: 503 });
    expect(events.filter(({ type }) => type === 'store-failed')).toEqual([
      expect.objectContaining({ operation: 'readMany' }),
    ]);
  });
});

it('at most three are looked up in the store, however many come', async () => {
  const { sessions, calls } = shop({ cookie: { name: 'sid' } });
  await sessions.open(header([...junk(9), ...junk(9)]));
  expect(calls).toEqual(['read', 'read', 'read']);
});
