import { describe, expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import { memoryStore } from '../store/memory/index.ts';

describe('sessions of a user', () => {
  it('are listed with their devices, and each can be ended by its owner only', async () => {
    const { sessions, clock } = shop();
    const phone = new Browser(sessions);
    const session = await sessions.open('', { device: 'a phone' });
    session.login('alice', { remember: true });
    await phone.receive(session);
    clock.advance('1m');
    const laptop = new Browser(sessions);
    await laptop.visit((other) => other.login('alice'));

    const list = await sessions.list('alice');
    const now = clock.now();
    expect(list).toMatchObject([
      { id: (await laptop.open()).id, createdAt: now, seenAt: now, remember: false },
      { id: session.id, createdAt: now - 60_000, remember: true, device: 'a phone' },
    ]);
    expect(list.map(({ expiresAt }) => expiresAt - now)).toEqual([3_600_000, 30 * 86_400_000 - 60_000]);
    expect(await sessions.revoke(session.id, { user: 'bob' })).toBe(false);
    expect(await phone.user()).toBe('alice');
    expect(await sessions.revoke(session.id, { user: 'alice' })).toBe(true);
    expect(await sessions.revoke(session.id, { user: 'alice' })).toBe(false);
    expect([await phone.user(), await laptop.user()]).toEqual([undefined, 'alice']);
  });

  it('that ended with everything are none: nobody ends them again, and they make room for nobody', async () => {
    const { sessions, events } = shop({ maxPerUser: 1 });
    await new Browser(sessions).visit((session) => session.login('alice'));
    const [{ id } = { id: '' }] = await sessions.list('alice');
    await sessions.revokeEverything();
    expect(await sessions.revoke(id, { user: 'alice' })).toBe(false);
    await new Browser(sessions).visit((session) => session.login('alice'));
    expect(events.map(({ type }) => type)).toEqual(['login', 'revoked-everything', 'login']);
  });

  it('are all ended but the present one', async () => {
    const { sessions } = shop();
    const browsers = [new Browser(sessions), new Browser(sessions), new Browser(sessions)];
    for (const browser of browsers) await browser.visit((session) => session.login('alice'));
    const [present] = browsers as [Browser];
    const { id } = await present.open();
    expect(await sessions.revokeAll('alice', { except: id })).toBe(2);
    expect(await Promise.all(browsers.map((browser) => browser.user()))).toEqual([
      'alice',
      undefined,
      undefined,
    ]);
    expect(await sessions.revokeAll('alice')).toBe(1);
  });

  it.each(['list', 'revokeAll'] as const)('%s without a user is misuse, and not nobody', async (method) => {
    const { sessions } = shop();
    for (const id of [undefined, '', '\x1fexternal:1'])
      await expect(sessions[method](id as string)).rejects.toThrow(TypeError);
  });

  it('none is ended by a text that is no id, and no store is asked', async () => {
    const { sessions, calls } = shop();
    for (const id of ['', '../../etc/passwd', 'a'.repeat(23)])
      expect(await sessions.revoke(id, { user: 'alice' })).toBe(false);
    expect(calls).toEqual([]);
  });

  it('none is ended for nobody, or by what is no text: that is misuse', async () => {
    const { sessions, calls } = shop();
    const revoke = sessions.revoke.bind(sessions) as (...args: unknown[]) => Promise<boolean>;
    const session = await sessions.open(null);
    for (const args of [
      [session, { user: 'alice' }],
      [undefined, { user: 'alice' }],
      ['id', {}],
    ])
      await expect(revoke(...args)).rejects.toThrow(TypeError);
    expect(calls).toEqual([]);
  });

  it.each([0, -1, 1.5, Infinity, Number.NaN])('sweep(%d) is misuse', async (limit) => {
    await expect(shop().sessions.sweep(limit)).rejects.toThrow(TypeError);
  });

  it.each(['', 'half of a pair \ud800', 7, {}])(
    'the externalId %j is misuse: others would share it',
    async (id) => {
      const { sessions } = shop();
      const session = await sessions.open('');
      expect(() => session.login('alice', { externalId: id as string })).toThrow(TypeError);
      await expect(sessions.revokeByExternalId(id as string)).rejects.toThrow(TypeError);
    },
  );

  it('with one name at an identity provider are all ended by it, however many: the index holds no more than it can end', async () => {
    const { sessions } = shop();
    const browsers = Array.from({ length: 1_001 }, () => new Browser(sessions));
    for (const [index, browser] of browsers.entries())
      await browser.visit((session) => session.login(`user ${index}`, { externalId: 'idp-1' }));
    await sessions.revokeByExternalId('idp-1');
    for (const browser of browsers) expect(await browser.user()).toBeUndefined();
  });

  it('are ended by their name at an identity provider', async () => {
    const { sessions } = shop();
    const [one, other] = [new Browser(sessions), new Browser(sessions)];
    await one.visit((session) => session.login('alice', { externalId: 'idp-1' }));
    await other.visit((session) => session.login('alice', { externalId: 'idp-2' }));
    expect(await sessions.revokeByExternalId('idp-1')).toBe(1);
    expect(await sessions.revokeByExternalId('alice')).toBe(0);
    expect([await one.user(), await other.user()]).toEqual([undefined, 'alice']);
  });

  it('are ended by a name that a session is only about to have: the sign-in is refused, and the session ends', async () => {
    const store = memoryStore();
    let ending: (() => Promise<number>) | undefined;
    const { sessions } = shop({
      store: {
        ...store,
        async patch(...given) {
          await ending?.();
          return store.patch(...given);
        },
      },
    });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    ending = () => sessions.revokeByExternalId('idp-1');
    const session = await browser.open();
    session.login('alice', { externalId: 'idp-1' });
    await expect(sessions.commit(session)).rejects.toMatchObject({ code: 'session-gone' });
    expect([await browser.user(), await sessions.list('alice')]).toEqual([undefined, []]);
  });

  it('the id names the session and is no secret that opens it', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    const session = await browser.open();
    expect([session.id, session.isNew]).toEqual(['', true]);
    session.login('alice');
    await browser.receive(session);
    const { id, isNew } = await browser.open();
    expect([id, isNew]).toEqual([session.id, false]);
    expect(await new Browser(sessions, `__Host-session=${id}`).user()).toBeUndefined();
    const guess = `__Host-session=${id}.${'A'.repeat(43)}`;
    expect(await new Browser(sessions, guess).user()).toBeUndefined();
  });
});
