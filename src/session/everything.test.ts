import { expect, it } from 'vitest';
import { describeEachStore } from '../../tools/test/each-store.ts';
import { Browser, shop } from '../../tools/test/shop.ts';

describeEachStore('the end of every session of everybody', (open) => {
  const signedIn = async (fixture: ReturnType<typeof shop>, user: string) => {
    const browser = new Browser(fixture.sessions);
    await browser.visit((session) => session.login(user, { remember: true }));
    return browser;
  };

  it('ends those of users and of nobody, rotated and remembered ones too, and none that begins later', async () => {
    const fixture = shop({ store: open() });
    const { sessions, clock } = fixture;
    const [ada, bob, cart] = [
      await signedIn(fixture, 'ada'),
      await signedIn(fixture, 'bob'),
      new Browser(sessions),
    ];
    await bob.visit((session) => session.rotate());
    await cart.visit((session) => session.set('cart', ['tea']));
    await sessions.revokeEverything();
    for (const browser of [ada, bob, cart]) {
      const session = await browser.open();
      expect([session.user, session.data, session.explain().reasons[0]?.code]).toEqual([
        undefined,
        {},
        'session-revoked',
      ]);
    }
    expect(await sessions.list('ada')).toEqual([]);
    const again = await signedIn(fixture, 'ada');
    clock.advance('2d');
    expect(await again.user()).toBe('ada');
    expect(await sessions.list('ada')).toHaveLength(1);
    await sessions.revokeEverything();
    expect(await again.user()).toBeUndefined();
    const third = await signedIn(fixture, 'ada');
    expect([await third.user(), await ada.user(), await again.user()]).toEqual(['ada', undefined, undefined]);
  });

  it('in another process within a second, and what begins there too late has ended as well', async () => {
    const store = open();
    const [here, there] = [shop({ store }), shop({ store })];
    const ada = await signedIn(here, 'ada');
    const elsewhere = new Browser(there.sessions, ada.cookie);
    expect(await elsewhere.user()).toBe('ada');
    await here.sessions.revokeEverything();
    const late = await signedIn(there, 'bob');
    there.clock.advance('1s');
    expect([await elsewhere.user(), await late.user()]).toEqual([undefined, undefined]);
    expect(await (await signedIn(there, 'bob')).user()).toBe('bob');
  });

  it('two at once are two, and both count', async () => {
    const store = open();
    const [here, there] = [shop({ store }), shop({ store })];
    const ada = await signedIn(here, 'ada');
    await Promise.all([here.sessions.revokeEverything(), there.sessions.revokeEverything()]);
    expect(await ada.user()).toBeUndefined();
    expect(await (await signedIn(there, 'ada')).user()).toBe('ada');
  });

  it('of one cookie alone: sessions of another name live on, and those of a former name end', async () => {
    const store = open();
    const other = shop({ store, cookie: { name: 'other' } });
    const old = shop({ store, cookie: { name: 'old' } });
    const [mine, before] = [await signedIn(other, 'ada'), await signedIn(old, 'ada')];
    await old.sessions.revokeEverything();
    const after = await signedIn(old, 'ada');
    const next = shop({ store, cookie: { name: 'next', former: [{ name: 'old' }] } });
    const users = [before, after].map(({ cookie }) => new Browser(next.sessions, cookie).user());
    expect(await Promise.all(users)).toEqual([undefined, 'ada']);
    expect(await mine.user()).toBe('ada');
  });

  it('also when a former name is no longer known: what began in its epoch ends, and what ended with it stays ended', async () => {
    const store = open();
    const old = shop({ store, cookie: { name: 'old' } });
    const moving = shop({ store, cookie: { name: 'next', former: [{ name: 'old' }] } });
    const early = await signedIn(moving, 'ada');
    await old.sessions.revokeEverything();
    moving.clock.advance('1s');
    const late = await signedIn(moving, 'ada');
    const moved = shop({ store, cookie: { name: 'next' }, clock: moving.clock });
    const users = () =>
      Promise.all([early, late].map(({ cookie }) => new Browser(moved.sessions, cookie).user()));
    expect(await users()).toEqual([undefined, 'ada']);
    await moved.sessions.revokeEverything();
    expect(await users()).toEqual([undefined, undefined]);
    expect(await (await signedIn(moved, 'ada')).user()).toBe('ada');
  });

  it('also for requests that are under way in this process: what they write is kept nowhere, and a sign-in begins anew', async () => {
    const fixture = shop({ store: open() });
    const { sessions, events } = fixture;
    const ada = await signedIn(fixture, 'ada');
    const cart = new Browser(sessions);
    await cart.visit((session) => session.set('cart', ['tea']));
    const [writing, rotating, signing] = [await ada.open(), await ada.open(), await cart.open()];
    const reopened = (await sessions.reopen(await ada.open())).session;
    await sessions.revokeEverything();
    writing.set('theme', 'dark');
    reopened?.set('visits', 1);
    for (const session of [writing, reopened])
      await expect(session && sessions.commit(session)).rejects.toMatchObject({ code: 'session-gone' });
    rotating.rotate();
    expect(await sessions.commit(rotating)).toEqual([]);
    expect(events.filter(({ type }) => type === 'gone')).toHaveLength(3);
    signing.login('bob');
    await cart.receive(signing);
    expect([await cart.user(), (await cart.open()).data]).toEqual(['bob', {}]);
  });

  it('ends views in this process at once', async () => {
    const fixture = shop({ store: open() });
    const browser = await signedIn(fixture, 'ada');
    using view = fixture.sessions.view(await browser.open());
    const ended = new Promise((resolve) => view.ended.addEventListener('abort', resolve, { once: true }));
    await fixture.sessions.revokeEverything();
    await ended;
    expect(view.ended.reason).toMatchObject({ code: 'session-gone', cause: 'revoked' });
  });
});
