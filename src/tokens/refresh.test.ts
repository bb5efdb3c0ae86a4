import { describe, expect, it } from 'vitest';
import { Browser, signedIn, tokenServer } from '../../conformance/tokens/token-server.ts';
import { watched } from '../../tools/test/shop.ts';
import { createSessions } from '../session/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';

const part = (token: string, index: number) => token.split('.')[index] ?? '';

describe('a refresh', () => {
  it('S84: gives new tokens for the refresh cookie, which is good for one use', async () => {
    const { browser, clock, events } = await signedIn();
    clock.advance('16m');
    const before = browser.copy();
    expect(await browser.visit()).toBe('token-expired');
    expect(await browser.refresh()).toBe('ok');
    expect(await browser.visit()).toBe('alice');
    expect(browser.refreshToken).not.toBe(before.refreshToken);
    expect(part(browser.refreshToken, 0)).toBe(part(before.refreshToken, 0));
    expect(part(browser.refreshToken, 1)).toBe(part(before.refreshToken, 1));
    expect(events.map(({ type }) => type)).toEqual(['refused', 'refreshed']);
  });

  it('keeps the user and the claims that were issued', async () => {
    const { tokens, browser } = await signedIn();
    const answer = await tokens.refresh(browser.request, new Response(null, { status: 204 }));
    expect(answer).toMatchObject({ allowed: true, user: 'alice', claims: { role: 'admin' } });
    expect(answer.allowed && answer.to.headers.getSetCookie()).toHaveLength(2);
  });

  it('inside the grace gives the same successor again, with a fresh access token', async () => {
    const { browser, clock, events } = await signedIn({ rotationGrace: '30s' });
    const [tab, lost] = [browser.copy(), browser.copy()];
    await browser.refresh();
    clock.advance('29s');
    expect([await tab.refresh(), await lost.refresh()]).toEqual(['ok', 'ok']);
    expect([tab.refreshToken, lost.refreshToken]).toEqual([browser.refreshToken, browser.refreshToken]);
    expect(new Set([browser.access, tab.access, lost.access]).size).toBe(3);
    expect(await tab.visit()).toBe('alice');
    expect(events.map(({ type }) => type)).toEqual(['refreshed', 'refresh-repeated', 'refresh-repeated']);
  });

  it('of the present token inside the grace gives it again, and never a third', async () => {
    const { browser, clock } = await signedIn({ rotationGrace: '30s' });
    await browser.refresh();
    const present = browser.refreshToken;
    clock.advance('29999ms');
    await browser.refresh();
    expect(browser.refreshToken).toBe(present);
    clock.advance('1ms');
    await browser.refresh();
    expect(browser.refreshToken).not.toBe(present);
  });

  it('S84, ASVS 10.4.5: of a used token after the grace ends the family, for the thief and for the user', async () => {
    const { tokens, browser, clock, events } = await signedIn({ rotationGrace: '30s' });
    const thief = browser.copy();
    await browser.refresh();
    clock.advance('90s');
    const headers = new Headers();
    const outcome = await tokens.refresh(thief.request, headers);
    expect(outcome).toMatchObject({ allowed: false, reasons: [{ code: 'refresh-replayed' }] });
    expect(outcome.allowed === false && outcome.error.status).toBe(401);
    expect(headers.getSetCookie()).toEqual([]);
    expect(await browser.visit()).toBe('token-revoked');
    expect(await browser.refresh()).toBe('refresh-revoked');
    expect(browser.cookies.size).toBe(2);
    expect(events.map(({ type }) => type)).toEqual([
      'refreshed',
      'refresh-replayed',
      'revoked-token',
      'refresh-refused',
    ]);
    expect(events[1]).toMatchObject({ user: 'alice', family: expect.stringMatching(/^[\w-]{16}$/) });
  });

  it('ASVS 10.4.5: a token two steps back is a replay even inside the grace', async () => {
    const { browser, clock } = await signedIn({ rotationGrace: '30s' });
    const thief = browser.copy();
    await browser.refresh();
    clock.advance('31s');
    await browser.refresh();
    expect(await thief.refresh()).toBe('refresh-replayed');
    expect(await browser.visit()).toBe('token-revoked');
  });

  it('ASVS 10.4.5: so it is when it comes to be two steps back while its refresh is under way', async () => {
    const inner = memoryStore();
    let meanwhile: (() => Promise<void>) | undefined;
    const patch: typeof inner.patch = async (selector, change) => {
      const first = meanwhile;
      meanwhile = undefined;
      await first?.();
      return inner.patch(selector, change);
    };
    const { browser, clock, events } = await signedIn({
      rotationGrace: '30s',
      storeTimeout: '10m',
      store: { ...inner, patch },
    });
    const late = browser.copy();
    meanwhile = async () => {
      for (let step = 0; step < 2; step += 1) {
        expect(await browser.refresh()).toBe('ok');
        clock.advance('31s');
      }
    };
    events.length = 0;
    expect(await late.refresh()).toBe('refresh-replayed');
    expect(await browser.refresh()).toBe('refresh-revoked');
    expect(events.map(({ type }) => type)).toEqual([
      'refreshed',
      'refreshed',
      'refresh-replayed',
      'refresh-refused',
    ]);
  });

  it('with a wrong family key is 401 and writes nothing: who knows a family’s name cannot end it', async () => {
    const { store, calls } = watched(memoryStore());
    const { browser, clock } = await signedIn({ store });
    const [family, key, secret] = browser.refreshToken.split('.');
    const forged = new Browser(tokenServer({ store, clock }).tokens);
    for (const token of [
      `${family}.${'A'.repeat(22)}.${secret}`,
      `${family}.${'A'.repeat(22)}.${'A'.repeat(43)}`,
    ]) {
      calls.length = 0;
      forged.cookies.set('__Host-refresh', token);
      expect(await forged.refresh()).toBe('refresh-wrong-family');
      expect(calls).toEqual(['read']);
    }
    forged.cookies.set('__Host-refresh', `${'A'.repeat(22)}.${key}.${secret}`);
    expect(await forged.refresh()).toBe('refresh-unknown');
    expect(await browser.refresh()).toBe('ok');
  });

  it('of any other text is 401 and asks no store', async () => {
    const { store, calls } = watched(memoryStore());
    const { tokens } = tokenServer({ store });
    for (const text of ['', '.', 'x', '..', `${'A'.repeat(22)}.${'A'.repeat(43)}`, 'A'.repeat(9_999)]) {
      const outcome = await tokens.refreshBearer(text);
      expect(outcome).toMatchObject({ allowed: false, reasons: [{ code: 'refresh-malformed' }] });
    }
    const missing = await tokens.refresh(new Headers(), new Headers());
    expect(missing).toMatchObject({ allowed: false, reasons: [{ code: 'refresh-missing' }] });
    expect(calls).toEqual([]);
  });

  it('ASVS 10.4.8: never outlives the sign-in, though every refresh gives a new token', async () => {
    const { browser, clock } = await signedIn({ refresh: '2h' });
    for (let hour = 0; hour < 7; hour += 1) {
      clock.advance('16m');
      expect(await browser.refresh()).toBe('ok');
    }
    clock.advance('8m');
    expect(await browser.refresh()).toBe('refresh-expired');
  });

  it.each([
    ['the store', undefined],
    ['a list of revocations', memoryRevocations()],
  ])('ASVS 10.4.8: nor does an access token, known by %s', async (_, revocations) => {
    const { tokens, clock } = tokenServer({ refresh: '2h', revocations });
    const first = await tokens.issueBearer('alice');
    clock.advance('110m');
    const last = await tokens.refreshBearer(first.refresh);
    if (!last.allowed) throw new Error('It was refused.');
    expect([last.expiresIn, last.expiresAt - clock.now()]).toEqual([600, 600_000]);
    const headers = new Headers();
    await tokens.refresh(new Headers({ cookie: `__Host-refresh=${last.refresh}` }), headers);
    for (const line of headers.getSetCookie()) expect(line).toContain('; Max-Age=600');
    const outcome = async () => {
      const visitor = await tokens.authenticate(new Headers({ authorization: `Bearer ${last.access}` }));
      return visitor.allowed ? visitor.user : visitor.reasons[0].code;
    };
    clock.advance('599999ms');
    expect([await outcome(), (await tokens.refreshBearer(last.refresh)).allowed]).toEqual(['alice', true]);
    clock.advance('1ms');
    expect([await outcome(), (await tokens.refreshBearer(last.refresh)).allowed]).toEqual([
      'token-expired',
      false,
    ]);
  });

  it('lives no longer at a server whose clock is behind', async () => {
    const { browser, store, clock, options } = await signedIn({ refresh: '400d' });
    const behind = tokenServer({ ...options, store, clock: testClock(clock.now() - 5_000) });
    const headers = new Headers();
    expect((await behind.tokens.refresh(browser.request, headers)).allowed).toBe(true);
    expect(headers.getSetCookie()[1]).toContain('; Max-Age=34560000');
  });

  it('leaves a row behind when it has ended, which a sweep removes', async () => {
    const { tokens, clock } = await signedIn({ refresh: '2h' });
    expect(await tokens.sweep()).toBe(0);
    clock.advance('2h');
    expect([await tokens.sweep(), await tokens.sweep()]).toEqual([1, 0]);
    for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(tokens.sweep(limit)).rejects.toThrow('a positive integer');
    }
  });

  it('ASVS 10.4.8: the cookie ends with the sign-in', async () => {
    const { tokens, browser, clock } = await signedIn({ refresh: '2h' });
    clock.advance('90m');
    const headers = new Headers();
    await tokens.refresh(browser.request, headers);
    expect(headers.getSetCookie()[1]).toContain('; Max-Age=1800');
  });

  it('in bearer mode takes the token and gives the next pair', async () => {
    const { tokens } = tokenServer();
    const first = await tokens.issueBearer('alice', { role: 'admin' });
    const next = await tokens.refreshBearer(first.refresh);
    if (!next.allowed) throw new Error('It was refused.');
    expect(next).toMatchObject({ user: 'alice', claims: { role: 'admin' }, expiresIn: 900 });
    expect(next.refresh).not.toBe(first.refresh);
    expect(await tokens.authenticate(new Headers({ authorization: `Bearer ${next.access}` }))).toMatchObject({
      allowed: true,
    });
  });

  it('of two tabs at once over two servers whose clocks differ by 45 s signs nobody out, whichever is ahead', async () => {
    for (const [first, second] of [
      [0, 45_000],
      [45_000, 0],
    ] as const) {
      const shared = tokenServer();
      const at = (ahead: number) =>
        tokenServer({ ...shared.options, clock: { now: () => shared.clock.now() + ahead } }).tokens;
      const { refresh } = await shared.tokens.issueBearer('alice');
      const one = await at(first).refreshBearer(refresh);
      const other = await at(second).refreshBearer(refresh);
      expect([one.allowed, other.allowed]).toEqual([true, true]);
      expect(one.allowed && other.allowed && one.refresh === other.refresh).toBe(true);
    }
  });

  it('of a user whose sign-ins are ended while it is under way gives nothing', async () => {
    const { browser, store, clock } = await signedIn();
    const patch = store.patch.bind(store);
    store.patch = async (...given) => {
      await store.revokeByUser('alice', { now: clock.now() });
      return patch(...given);
    };
    expect(await browser.refresh()).toBe('refresh-revoked');
  });
});

describe('a sign-in', () => {
  it('that a revocation of all the user’s sign-ins overtakes is 409', async () => {
    const { tokens, store, clock } = tokenServer();
    const create = store.create.bind(store);
    store.create = async (...given) => {
      await store.revokeByUser('alice', { now: clock.now() });
      return create(...given);
    };
    await expect(tokens.issueBearer('alice')).rejects.toMatchObject({ code: 'session-gone', status: 409 });
    expect(await tokens.list('alice')).toEqual([]);
  });
});

describe('in one store with sessions', () => {
  it('no secret of the one opens the other', async () => {
    const { tokens, browser, store, clock } = await signedIn();
    const sessions = createSessions({ store, clock });
    const [family, , secret] = browser.refreshToken.split('.');
    expect((await sessions.open(`__Host-session=${family}.${secret}`)).user).toBeUndefined();

    const session = await sessions.open('');
    session.login('alice');
    const [line = ''] = await sessions.commit(session);
    const [, selector, verifier] = /=(.{22})\.(.{43});/.exec(line) ?? [];
    const outcome = await tokens.refreshBearer(`${selector}.${'A'.repeat(22)}.${verifier}`);
    expect(outcome).toMatchObject({ allowed: false, reasons: [{ code: 'refresh-unknown' }] });
  });

  it('one call ends all of a user', async () => {
    const { tokens, browser, store, clock } = await signedIn();
    const sessions = createSessions({ store, clock });
    const session = await sessions.open('');
    session.login('alice');
    const [line = ''] = await sessions.commit(session);
    expect(await tokens.revoke({ user: 'alice' })).toBe(2);
    expect((await sessions.open(line.split(';')[0])).user).toBeUndefined();
    expect(await browser.visit()).toBe('token-revoked');
  });
});
