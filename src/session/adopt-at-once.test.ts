import { expect, it } from 'vitest';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { Browser, type Shop, shop } from '../../tools/test/shop.ts';
import { testClock } from '../testing/clock.ts';
import type { Adopted, SessionOptions } from './index.ts';
import { LaterWork } from './later-work.ts';

type Old = { user?: string; data?: Partial<Shop> };
const oldCookie = 'old=s%3Asigned-id';

/** An application with sessions of another library, which its store loses when they are discarded. */
function moved(old: Old, more: Partial<SessionOptions<Shop>> = {}, discard = () => true) {
  const kept = new Map([['s:signed-id', old]]);
  const adopt = (readCookie: (name: string) => string | undefined): Adopted<Shop> | undefined => {
    const id = readCookie('old');
    const session = id === undefined ? undefined : kept.get(id);
    if (id === undefined || session === undefined) return undefined;
    return { id, ...session, discard: () => discard() && kept.delete(id) };
  };
  const fixture = shop({ ...more, adopt });
  return { ...fixture, kept };
}

const pairOf = (line = '') => line.split(';', 1)[0] ?? '';
const letOthersRun = () => new Promise(setImmediate);

describeEachStore('requests that come at once with the cookie of another library', (open) => {
  const signedIn = { user: 'alice', data: { visits: 0, theme: 'dark' } };

  it('a thousand go on in one session, sign nobody out and lose no write', async () => {
    const { sessions, events, clock, kept } = moved(signedIn, { store: open(), storeTimeout: '60s' });
    const jar: string[] = [];
    const request = async () => {
      const session = await sessions.open(oldCookie);
      expect(session.user).toBe('alice');
      await sessions.commit(session).then((lines) => jar.push(pairOf(lines[0])));
    };
    await Promise.all(Array.from({ length: 1_000 }, request));
    expect(new Set(jar).size).toBe(1);
    clock.advance('60s');
    await letOthersRun();
    expect(kept.size).toBe(0);
    const next = await sessions.open(`${jar.at(-1)}; ${oldCookie}`);
    expect([next.user, next.data]).toEqual(['alice', signedIn.data]);
    expect(await sessions.list('alice')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'adopted')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'login')).toHaveLength(1);
  });

  it('that all write lose none of it', async () => {
    const { sessions } = moved(signedIn, { store: open(), storeTimeout: '60s' });
    const opened = await Promise.all(Array.from({ length: 8 }, () => sessions.open(oldCookie)));
    for (const session of opened) session.update('visits', (count = 0) => count + 1);
    const lines = await Promise.all(opened.map((session) => sessions.commit(session)));
    expect((await sessions.open(pairOf(lines[7]?.[0]))).get('visits')).toBe(8);
  });

  it('an anonymous cart is one too', async () => {
    const { sessions } = moved({ data: { cart: ['tea'] } }, { store: open() });
    const opened = await Promise.all([sessions.open(oldCookie), sessions.open(oldCookie)]);
    opened[0].set('theme', 'dark');
    opened[1].set('visits', 1);
    const [one, other] = await Promise.all(opened.map((session) => sessions.commit(session)));
    expect(one).toEqual(other);
    expect((await sessions.open(pairOf(one?.[0]))).data).toEqual({
      cart: ['tea'],
      theme: 'dark',
      visits: 1,
    });
  });

  it('one that comes after the others were answered, inside the grace, is served by the same session', async () => {
    const { sessions, clock } = moved(signedIn, { store: open() });
    const first = await sessions.open(oldCookie);
    const [line] = await sessions.commit(first);
    clock.advance('59s');
    const late = await sessions.open(oldCookie);
    late.set('theme', 'light');
    expect(late.id).toBe(first.id);
    expect(await sessions.commit(late)).toEqual([line]);
    expect((await sessions.open(pairOf(line))).get('theme')).toBe('light');
  });

  it('after the grace the old cookie opens nothing, though it was not discarded', async () => {
    const { sessions, clock } = moved(signedIn, { store: open() }, () => false);
    await sessions.commit(await sessions.open(oldCookie));
    clock.advance('60s');
    const session = await sessions.open(oldCookie);
    expect([session.user, session.explain().reasons[0]?.code]).toEqual([undefined, 'session-wrong-verifier']);
  });

  it('and a logout ends them all: the old cookie begins nothing again, also where it was not discarded', async () => {
    let fails = true;
    const { sessions, clock, kept } = moved(signedIn, { store: open() }, () => {
      if (fails) throw new Error('away');
      return true;
    });
    const [line] = await sessions.commit(await sessions.open(oldCookie));
    clock.advance('60s');
    await letOthersRun();
    expect(kept.size).toBe(1);
    const overtaken = await sessions.open(`${pairOf(line)}; ${oldCookie}`);
    fails = false;
    overtaken.logout();
    await sessions.commit(overtaken);
    expect(kept.size).toBe(0);
    kept.set('s:signed-id', signedIn);
    clock.advance('11h');
    const session = await sessions.open(oldCookie);
    expect([session.user, session.explain().reasons[0]?.code]).toEqual([undefined, 'session-revoked']);
  });

  it('begins nothing anew when ours has ended, though the process that took it over died within the grace', async () => {
    const [store, clock] = [open(), testClock(1_700_000_000_000)];
    const dying = { now: clock.now, delay: () => new Promise<never>(() => {}) };
    const { sessions } = moved(signedIn, { store, clock: dying });
    await sessions.commit(await sessions.open(oldCookie));
    clock.advance('13h');
    const later = moved(signedIn, { store, clock }).sessions;
    await later.sweep();
    expect((await later.open(oldCookie)).user).toBeUndefined();
  });

  it('one whose end is a fraction of a millisecond is remembered, and can sign out', async () => {
    const adopt = () => ({
      id: 'a seal',
      user: 'alice',
      expiresAt: 1_702_000_000_000.5,
      authenticatedAt: 1_699_999_999_999.5,
    });
    const { sessions, clock, events } = shop({ store: open(), adopt });
    await new Browser(sessions, oldCookie).visit();
    await new Browser(sessions, oldCookie).visit((session) => session.logout());
    clock.advance('13h');
    expect((await sessions.open(oldCookie)).user).toBeUndefined();
    expect(events.filter(({ type }) => type === 'store-failed')).toEqual([]);
  });

  it('one that signs out while others are under way ends what they would begin', async () => {
    const { sessions } = moved(signedIn, { store: open() });
    const [reading, writing, leaving] = await Promise.all([
      sessions.open(oldCookie),
      sessions.open(oldCookie),
      sessions.open(oldCookie),
    ]);
    leaving.logout();
    await sessions.commit(leaving);
    expect(await sessions.commit(reading)).toEqual([]);
    writing.set('theme', 'light');
    await expect(sessions.commit(writing)).rejects.toMatchObject({ code: 'session-gone' });
    expect(await sessions.list('alice')).toEqual([]);
  });

  it('one that signs in leaves the others behind, as any login does', async () => {
    const { sessions } = moved(signedIn, { store: open() });
    const [writing, signing] = await Promise.all([sessions.open(oldCookie), sessions.open(oldCookie)]);
    signing.login('alice');
    const [line] = await sessions.commit(signing);
    writing.set('theme', 'light');
    await expect(sessions.commit(writing)).rejects.toMatchObject({ code: 'session-gone' });
    expect((await sessions.open(oldCookie)).user).toBeUndefined();
    const next = await sessions.open(pairOf(line));
    expect([next.user, next.fresh('1m'), next.get('theme')]).toEqual(['alice', true, 'dark']);
  });

  it('one whose user was signed out everywhere meanwhile is nobody, without an error for what nobody asked for', async () => {
    const store = open();
    const { sessions } = moved(signedIn, { store });
    const session = await sessions.open(oldCookie);
    const { enlist } = store;
    store.enlist = async (...given) => {
      const answer = await enlist.apply(store, given);
      store.enlist = enlist;
      await sessions.revokeAll('alice');
      return answer;
    };
    expect(await sessions.commit(session)).toEqual([]);
    expect((await new Browser(sessions, oldCookie).open()).user).toBeUndefined();
  });

  it('has an authority before it is committed, so that a page may ask for a CSRF token', async () => {
    const { sessions } = moved(signedIn, { store: open() });
    const session = await sessions.open(oldCookie);
    const { authority } = session;
    expect(authority).toMatch(/^[\w-]{22}\.0$/);
    const [line] = await sessions.commit(session);
    expect((await sessions.open(pairOf(line))).authority).toBe(authority);
    expect((await sessions.open(oldCookie)).authority).toBe(authority);
  });
});

it('what adopt gives to discard has an id, and the user that it gives is one', async () => {
  for (const given of [{ user: 'alice', discard: () => true }, { user: String(undefined) }]) {
    const { sessions } = shop({ adopt: () => given });
    await expect(sessions.open('')).rejects.toThrow(TypeError);
  }
});

it('many old sessions that wait for their end take one timer, and so many at most: others end by themselves', async () => {
  const clock = testClock(1_700_000_000_000);
  let timers = 0;
  const delay = (ms: number) => {
    timers += 1;
    return clock.delay(ms);
  };
  const ended: number[] = [];
  const later = new LaterWork({ ...clock, delay }, 60_000);
  for (let at = 0; at < 10_001; at += 1) later.add(() => ended.push(at));
  expect(timers).toBe(1);
  clock.advance('60s');
  await letOthersRun();
  expect([timers, ended.length, ended[0], ended.at(-1)]).toEqual([1, 10_000, 0, 9_999]);
  for (const at of [1, 2, 3]) {
    later.add(() => ended.push(at));
    clock.advance('20s');
  }
  await letOthersRun();
  expect([timers, ended.at(-1)]).toEqual([3, 1]);
  clock.advance('20s');
  await letOthersRun();
  expect([timers, ended.at(-1)]).toEqual([4, 2]);
});

it('without an id each request begins a session of its own, for two visitors may have the same cookie', async () => {
  const { sessions } = shop({ adopt: () => ({ data: { cart: ['tea'] } }) });
  const [one, other] = await Promise.all([sessions.open('old=x'), sessions.open('old=x')]);
  await sessions.commit(one);
  await sessions.commit(other);
  expect(one.id).not.toBe(other.id);
});
