import { describe, expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import { memoryStore } from '../store/memory/index.ts';

const start = 1_700_000_000_000;
const minute = 60_000;

describe('the idle deadline', () => {
  it('ends a session on the server, whatever the browser keeps (S78)', async () => {
    const { sessions, clock } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    clock.advance('59m');
    expect(await browser.user()).toBe('alice');
    clock.advance('1m');
    expect(await browser.user()).toBeUndefined();
  });

  it('is moved by use, once in a tenth of itself, and no cookie is set for that', async () => {
    const { sessions, clock, calls } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    calls.length = 0;
    clock.advance('359s');
    await browser.visit();
    expect(calls).toEqual(['read']);
    clock.advance('1s');
    expect(await browser.visit()).toEqual([]);
    expect(calls).toEqual(['read', 'read', 'touch']);
    expect((await browser.open()).expiresAt).toBe(start + 66 * minute);
    clock.advance('59m');
    expect(await browser.user()).toBe('alice');
  });

  it('is moved in time for every length of it', async () => {
    for (const idle of ['2s', '61s', '5m', '1h'] as const) {
      const { sessions, clock } = shop({ idle });
      const browser = new Browser(sessions);
      await browser.visit((session) => session.login('alice'));
      const half = (await browser.open()).expiresAt - clock.now();
      for (let step = 0; step < 5; step += 1) {
        clock.advance(`${half / 2}ms`);
        await browser.visit();
      }
      expect(await browser.user()).toBe('alice');
    }
  });

  it('takes renewAfter', async () => {
    const { sessions, clock, calls } = shop({ renewAfter: '10s' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    clock.advance('10s');
    await browser.visit();
    expect(calls.at(-1)).toBe('touch');
  });

  it('a renewal that fails breaks no response', async () => {
    const { sessions, clock, store, events } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    clock.advance('10m');
    store.touch = () => Promise.reject(new Error('away'));
    expect(await browser.visit()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'store-failed', operation: 'touch' });
  });
});

describe('the absolute deadline', () => {
  it('K4 is fixed by the login: with a shorter idle deadline use renews a session within it, and never past it', async () => {
    const { sessions, clock } = shop({ idle: '20m', absolute: '1h' });
    const [busyOne, idleOne] = [new Browser(sessions), new Browser(sessions)];
    for (const browser of [busyOne, idleOne]) await browser.visit((session) => session.login('alice'));
    for (const minutes of [15, 30, 45, 55]) {
      clock.advance(`${start + minutes * minute - clock.now()}ms`);
      expect([minutes, await busyOne.user()]).toEqual([minutes, 'alice']);
      await busyOne.visit();
    }
    expect((await busyOne.open()).expiresAt).toBe(start + 60 * minute);
    expect(await idleOne.user()).toBeUndefined();
    clock.advance('5m');
    expect(await busyOne.user()).toBeUndefined();
  });

  const busy = async (browser: Browser, advance: () => void, hours: number, each = () => {}) => {
    for (let step = 0; step < hours * 2; step += 1) {
      advance();
      each();
      await browser.visit((session) => session.set('visits', step));
    }
  };

  it('ends a session in spite of constant use (S106)', async () => {
    const { sessions, clock } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    await busy(browser, () => clock.advance('30m'), 11.5);
    expect(await browser.user()).toBe('alice');
    expect((await browser.open()).expiresAt).toBe(start + 720 * minute);
    clock.advance('30m');
    expect(await browser.user()).toBeUndefined();
  });

  it('survives rotation', async () => {
    const { sessions, clock } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    for (let step = 0; step < 23; step += 1) {
      clock.advance('30m');
      expect(await browser.visit((session) => session.rotate())).toHaveLength(1);
    }
    expect(await browser.user()).toBe('alice');
    clock.advance('30m');
    expect(await browser.user()).toBeUndefined();
  });

  it('starts again with an authentication', async () => {
    const { sessions, clock } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    await busy(browser, () => clock.advance('30m'), 11);
    await browser.visit((session) => session.login('alice'));
    await busy(browser, () => clock.advance('30m'), 11);
    expect(await browser.user()).toBe('alice');
  });

  it('is shorter than idle where it is set so', async () => {
    const { sessions, clock } = shop({ absolute: '10m' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    expect((await browser.open()).expiresAt).toBe(start + 10 * minute);
    clock.advance('10m');
    expect(await browser.user()).toBeUndefined();
  });
});

it('remember replaces both deadlines (S87c)', async () => {
  const { sessions, clock } = shop();
  const browser = new Browser(sessions);
  await browser.visit((session) => session.login('alice', { remember: true }));
  clock.advance('29d');
  expect(await browser.user()).toBe('alice');
  clock.advance('1d');
  expect(await browser.user()).toBeUndefined();
});

it('remember may be 400 days, also for a server whose clock is behind that of the login', async () => {
  const store = memoryStore();
  const [ahead, behind] = [shop({ store, remember: '400d' }), shop({ store, remember: '400d' })];
  ahead.clock.advance('5s');
  const browser = new Browser(ahead.sessions);
  await browser.visit((session) => session.login('alice', { remember: true }));
  const there = new Browser(behind.sessions, browser.cookie);
  expect((await there.visit((session) => session.rotate()))[0]).toMatch(/; Max-Age=34560000\b/);
  expect(await there.user()).toBe('alice');
});

it('expiresAt tells before the commit what a login will make of it', async () => {
  const session = await shop().sessions.open('');
  expect(session.expiresAt).toBe(start + 60 * minute);
  session.login('alice', { remember: true });
  expect(session.expiresAt).toBe(start + 30 * 24 * 60 * minute);
});

describe('the grace of a rotation', () => {
  it('serves the old verifier and sends the same successor again, and then no more', async () => {
    const { sessions, clock, calls } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const old = browser.copy();
    await browser.visit((session) => session.rotate());
    clock.advance('59s');
    const late = old.copy();
    calls.length = 0;
    await late.visit();
    expect(calls).toEqual(['read']);
    expect(late.cookie).toBe(browser.cookie);
    clock.advance('1s');
    expect(await old.user()).toBeUndefined();
    expect(await browser.user()).toBe('alice');
  });

  it('sends no successor past the absolute deadline, and clears no cookie', async () => {
    const { sessions, clock } = shop({ remember: '1h' });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice', { remember: true }));
    const late = browser.copy();
    clock.advance('3580s');
    await browser.visit((session) => session.rotate());
    const session = await late.open();
    clock.advance('20s');
    expect(await late.receive(session)).toEqual([]);
  });

  it('the old verifier never rotates again', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const old = browser.copy();
    await browser.visit((session) => session.rotate());
    await old.visit((session) => {
      session.rotate();
      session.set('theme', 'dark');
    });
    expect(old.cookie).toBe(browser.cookie);
    expect((await browser.open()).get('theme')).toBe('dark');
  });

  it('the verifier before the one before is dead', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const old = browser.copy();
    await browser.visit((session) => session.rotate());
    await browser.visit((session) => session.rotate());
    expect(await old.user()).toBeUndefined();
    expect(await browser.user()).toBe('alice');
  });

  it('can be nothing', async () => {
    const { sessions } = shop({ rotationGrace: 0 });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const old = browser.copy();
    await browser.visit((session) => session.rotate());
    expect([await old.user(), await browser.user()]).toEqual([undefined, 'alice']);
  });
});
