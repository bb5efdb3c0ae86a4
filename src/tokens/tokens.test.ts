import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Browser, type Role, signedIn, tokenServer } from '../../conformance/tokens/token-server.ts';
import { HttpError } from '../errors.ts';
import { createSessions } from '../session/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { createTokens } from './create-tokens.ts';
import type { Authenticated, RevokeTarget, Unauthenticated } from './types.ts';

const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function refusal(outcome: Authenticated<Role> | Unauthenticated): Unauthenticated {
  if (outcome.allowed) throw new Error('It was allowed.');
  return outcome;
}

describe('signing in', () => {
  it('S140, S143: puts both tokens into HttpOnly cookies, and nowhere else', async () => {
    const { tokens } = tokenServer();
    const response = await tokens.issue('alice', Response.json({ signedIn: true }), { role: 'admin' });
    const lines = response.headers.getSetCookie();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^__Host-access=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=900$/,
    );
    expect(lines[1]).toMatch(
      /^__Host-refresh=[\w-]{22}\.[\w-]{22}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
    expect(await response.json()).toEqual({ signedIn: true });
    expect([...response.headers.keys()].sort()).toEqual(['content-type', 'set-cookie', 'set-cookie']);
  });

  it('S143: gives tokens in hand only to who asks for bearer mode, and then sets no cookie', async () => {
    const { tokens } = tokenServer();
    const pair = await tokens.issueBearer('alice', { role: 'admin' });
    expect(pair).toEqual({ access: expect.stringMatching(jwt), refresh: expect.any(String), expiresIn: 900 });
    const visitor = await tokens.authenticate(new Headers({ authorization: `Bearer ${pair.access}` }));
    expect(visitor).toMatchObject({ allowed: true, user: 'alice', claims: { role: 'admin' } });
  });

  it('builds a new Response where the headers are immutable, and feeds any head that appends', async () => {
    const { tokens } = tokenServer();
    const redirect = await tokens.issue('alice', Response.redirect('https://app.example.com/'));
    expect([redirect.status, redirect.headers.getSetCookie().length]).toEqual([302, 2]);
    const lines: string[] = [];
    await tokens.issue('alice', {
      append: (name, value) => void lines.push(`${name}: ${value.slice(0, 13)}`),
    });
    expect(lines).toEqual(['Set-Cookie: __Host-access', 'Set-Cookie: __Host-refres']);
  });

  it('refuses claims that would replace what the token says, that no browser would keep, or that are none', async () => {
    const { tokens, store, clock } = tokenServer();
    const hidden = { toJSON: () => ({ sub: 'root' }) };
    for (const claims of [{ sub: 'root' }, { exp: 9e9 }, { jti: 'x' }, hidden, [], 'admin', { big: 1n }]) {
      await expect(tokens.issue('alice', new Headers(), claims as Role)).rejects.toThrow(TypeError);
    }
    await expect(tokens.issue('alice', new Headers(), { role: 'a'.repeat(4_000) })).rejects.toThrow('4096');
    for (const user of ['', 'a\nb', '\ud800', undefined, String(undefined)]) {
      await expect(tokens.issueBearer(user as string)).rejects.toThrow(TypeError);
    }
    expect(await store.listByUser('alice', { now: clock.now() })).toEqual([]);
  });
});

describe('a request', () => {
  it('S142: without a token is answered 401 with WWW-Authenticate: Bearer', async () => {
    const { tokens, events } = tokenServer();
    const { reasons, error } = refusal(await tokens.authenticate(new Request('https://app.example.com/')));
    expect(reasons[0].code).toBe('token-missing');
    expect(error).toBeInstanceOf(HttpError);
    const answer = error.getResponse();
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await answer.json()).toEqual({ error: 'unauthenticated', message: 'Sign in first.' });
    expect(events).toEqual([]);
  });

  it('S142: with a token that is not good is told so by the same header, and not why', async () => {
    const { tokens } = tokenServer();
    const { error } = refusal(await tokens.authenticate(new Headers({ authorization: 'Bearer junk' })));
    const answer = error.getResponse();
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is known by its cookie, whatever the framework calls its headers', async () => {
    const { tokens, browser } = await signedIn();
    const cookie = `__Host-access=${browser.access}`;
    const express = { user: 'mallory', header: (name: string) => ({ cookie })[name], headers: { cookie } };
    const exchange = { header: (name: string) => (name === 'cookie' ? cookie : undefined) };
    for (const from of [
      browser.request,
      browser.request.headers,
      { headers: { cookie } },
      express,
      exchange,
    ]) {
      expect(await tokens.authenticate(from)).toMatchObject({ user: 'alice', claims: { role: 'admin' } });
    }
    expect(await tokens.revoke(express)).toBe(1);
  });

  it('is judged by its Authorization header alone when it has a Bearer token; other schemes are not ours', async () => {
    const { tokens, browser } = await signedIn();
    const cookie = `__Host-access=${browser.access}`;
    const outcome = async (authorization: string) => {
      const visitor = await tokens.authenticate(new Headers({ authorization, cookie }));
      return visitor.allowed ? visitor.user : visitor.reasons[0].code;
    };
    expect(await outcome(`bearer  ${browser.access}`)).toBe('alice');
    expect(await outcome('Bearer')).toBe('token-malformed');
    expect(await outcome('Bearer x.y.z')).toBe('token-malformed');
    expect(await outcome(`Bearer ${browser.access}, Bearer ${browser.access}`)).toBe('token-malformed');
    expect(await outcome(`Token ${browser.access}x`)).toBe('alice');
    expect(await outcome('Basic YTpi')).toBe('alice');
  });
});

const lists = { 'by the store': undefined, 'by a list of revocations': memoryRevocations } as const;

describe.each(Object.entries(lists))('what has ended, known %s', (_, makeList) => {
  const options = () => ({ revocations: makeList?.() });

  it('S145: a copy of the cookies is worth nothing after a sign-out', async () => {
    const { browser, events } = await signedIn(options());
    const thief = browser.copy();
    expect(await browser.signOut()).toBe(1);
    expect(browser.cookies.size).toBe(0);
    expect(await thief.visit()).toBe('token-revoked');
    expect(await thief.refresh()).toBe('refresh-revoked');
    expect(events.map(({ type }) => type)).toEqual(['revoked', 'revoked-token', 'refresh-refused']);
  });

  it('S145: one access token ends by its jti, and the sign-in lives on', async () => {
    const { tokens, browser, clock } = await signedIn(options());
    const phone = browser.copy();
    clock.advance('1m');
    await phone.refresh();
    const visitor = await tokens.authenticate(browser.request);
    const jti = visitor.allowed ? visitor.jti : '';
    expect(await tokens.revoke({ jti })).toBe(1);
    expect([await browser.visit(), await phone.visit()]).toEqual(['token-revoked', 'alice']);
    expect(await tokens.revoke({ jti: 'made up' })).toBe(0);
  });

  it('ASVS 10.4.9: a user sees the sign-ins and ends one of them, but nobody else’s', async () => {
    const { tokens, browser, clock } = await signedIn(options());
    clock.advance('1m');
    const phone = new Browser(tokens);
    await phone.signIn();
    const [latest, first] = await tokens.list('alice');
    expect([latest?.createdAt, first?.createdAt]).toEqual([clock.now(), clock.now() - 60_000]);
    const family = first?.family ?? '';
    expect(await tokens.revoke({ family, of: 'mallory' })).toBe(0);
    for (const nobody of [undefined, null, '']) {
      await expect(tokens.revoke({ family, of: nobody as string })).rejects.toThrow(TypeError);
    }
    // What is misspelt, or left out, would end somebody else's.
    for (const target of [
      { family, off: 'mallory' },
      { family: undefined },
      { family, user: 'alice' },
      { user: 'alice', except: family },
      { user: 'alice', of: 'mallory' },
      { jti: 3 },
      { refresh: undefined },
    ]) {
      await expect(tokens.revoke(target as RevokeTarget), JSON.stringify(target)).rejects.toThrow(TypeError);
    }
    expect(await browser.visit()).toBe('alice');
    expect(await tokens.revoke({ family, of: 'alice' })).toBe(1);
    expect([await browser.visit(), await phone.visit()]).toEqual(['token-revoked', 'alice']);
    expect(await tokens.list('alice')).toHaveLength(1);
  });

  it('ends every sign-in of everybody, here at once and elsewhere within a second, and none that begins later', async () => {
    const { tokens, browser, events, options: same, clock } = await signedIn(options());
    const bob = new Browser(tokens);
    await bob.signIn('bob');
    const elsewhere = createTokens<Role>(same);
    const copy = new Browser(elsewhere, browser.cookies);
    expect([await copy.visit(), await bob.visit()]).toEqual(['alice', 'bob']);

    await tokens.revokeEverything();
    for (const one of [browser, bob]) {
      expect(await one.visit()).toBe('token-revoked');
      expect(await one.refresh()).toBe('refresh-revoked');
    }
    expect(await tokens.list('alice')).toEqual([]);
    expect(events.some(({ type }) => type === 'revoked-everything')).toBe(true);
    const meanwhile = new Browser(elsewhere);
    await meanwhile.signIn();
    clock.advance('1s');
    expect([await copy.visit(), await copy.refresh(), await meanwhile.visit()]).toEqual([
      'token-revoked',
      'refresh-revoked',
      'alice',
    ]);

    for (const server of [tokens, elsewhere]) {
      const again = new Browser(server);
      await again.signIn();
      clock.advance('31s');
      expect([await again.visit(), await again.refresh(), await again.visit()]).toEqual([
        'alice',
        'ok',
        'alice',
      ]);
      const visitor = await server.authenticate(again.request);
      expect(await server.revoke({ jti: visitor.allowed ? visitor.jti : '' })).toBe(1);
      expect(await again.visit()).toBe('token-revoked');
    }
    expect(await tokens.list('alice')).toHaveLength(3);
    await elsewhere.revokeEverything();
    expect(await elsewhere.list('alice')).toEqual([]);
  });

  it('ends everything of its own issuer, and nothing of another one or of sessions', async () => {
    const { tokens, browser, options: same } = await signedIn(options());
    const other = createTokens<Role>({ ...same, issuer: 'https://other.example.com' });
    const theirs = new Browser(other);
    await theirs.signIn();
    const sessions = createSessions({ store: same.store });
    const session = await sessions.open(null);
    session.login('alice');
    const [line = ''] = await sessions.commit(session);
    await tokens.revokeEverything();
    expect([await browser.visit(), await theirs.visit()]).toEqual(['token-revoked', 'alice']);
    expect((await sessions.open(line.split(';')[0])).user).toBe('alice');
  });

  it('ends what a former issuer began, also when that is no longer among the options', async () => {
    const { tokens: old, clock, options: same } = await signedIn(options());
    await old.revokeEverything();
    const issuer = 'https://new.example.com';
    const browser = new Browser(createTokens<Role>({ ...same, issuer, former: { issuers: [same.issuer] } }));
    await browser.signIn();
    await createTokens<Role>({ ...same, issuer }).revokeEverything();
    clock.advance('1s');
    expect([await browser.visit(), await browser.refresh()]).toEqual(['token-revoked', 'refresh-revoked']);
  });

  it('ends every sign-in of a user', async () => {
    const { tokens, browser, events } = await signedIn(options());
    const [phone, other] = [new Browser(tokens), new Browser(tokens)];
    await phone.signIn('alice');
    await other.signIn('bob');
    events.length = 0;
    expect(await tokens.revoke({ user: 'alice' })).toBe(2);
    expect(await Promise.all([browser, phone, other].map((one) => one.visit()))).toEqual([
      'token-revoked',
      'token-revoked',
      'bob',
    ]);
    expect(await phone.refresh()).toBe('refresh-revoked');
    expect(events[0]).toMatchObject({ type: 'revoked', what: 'user', user: 'alice', count: 2 });
  });

  it('ends the sign-in of a bearer client by either of its tokens', async () => {
    const { tokens } = tokenServer(options());
    for (const by of ['access', 'refresh'] as const) {
      const pair = await tokens.issueBearer('alice');
      const bearer = new Headers({ authorization: `Bearer ${pair.access}` });
      expect(await tokens.revoke(by === 'access' ? bearer : { refresh: pair.refresh })).toBe(1);
      expect((await tokens.authenticate(bearer)).allowed).toBe(false);
      expect((await tokens.refreshBearer(pair.refresh)).allowed).toBe(false);
    }
  });
});

describe('revoke', () => {
  it('ends nothing for a request that proves nothing', async () => {
    const { tokens, browser } = await signedIn();
    const [family = ''] = browser.refreshToken.split('.');
    const guess = `${family}.${'A'.repeat(22)}.${'A'.repeat(43)}`;
    const forged = new Headers({ cookie: `__Host-access=${browser.access}x; __Host-refresh=${guess}` });
    expect(await tokens.revoke(forged)).toBe(0);
    expect(await tokens.revoke({ refresh: guess })).toBe(0);
    expect(await browser.visit()).toBe('alice');
  });

  it('says what it takes, and which Response it cannot write to', async () => {
    const { tokens, browser } = await signedIn();
    await expect(tokens.revoke({} as RevokeTarget)).rejects.toThrow(TypeError);
    await expect(tokens.revoke(browser.request, {} as Headers)).rejects.toThrow(TypeError);
    expect((await tokens.authenticate(browser.request)).allowed).toBe(true);
    await expect(tokens.revoke(browser.request, Response.redirect('https://a.example'))).rejects.toThrow(
      'immutable',
    );
  });

  it('does not end sessions that are named as if they were families', async () => {
    const { tokens, store, clock } = tokenServer();
    const now = clock.now();
    const selector = 'S'.repeat(22);
    const deadlines = { idle: 1e6, idleAt: now + 1e6, absoluteAt: now + 1e6 };
    const session = { selector, gen: 0, hash: 'h', userId: 'alice', data: {}, remember: false, ...deadlines };
    await store.create({ ...session, createdAt: now, authenticatedAt: now, seenAt: now }, { now });
    expect(await tokens.revoke({ family: selector })).toBe(0);
    expect(await tokens.list('alice')).toEqual([]);
    expect(await store.read(selector, { now })).toBeDefined();
  });
});

it.each([undefined, '', 'undefined'])('who issues to the user %j reads by which method', async (user) => {
  const { tokens } = tokenServer();
  await expect(tokens.issue(user as string, new Headers())).rejects.toThrow(/^issue\b/);
  await expect(tokens.issueBearer(user as string)).rejects.toThrow(/^issueBearer\b/);
});

describe('several cookies of one name', () => {
  it('are an event, and the first one counts', async () => {
    const { browser, tokens, events } = await signedIn();
    const tossed = '__Host-access=a.b.c; __Host-refresh=x';
    const cookie = `__Host-access=${browser.access}; __Host-refresh=${browser.refreshToken}; ${tossed}`;
    expect(await tokens.authenticate({ headers: { cookie } })).toMatchObject({ user: 'alice' });
    expect((await tokens.refresh({ headers: { cookie } }, new Headers())).allowed).toBe(true);
    expect(events).toMatchObject([
      { type: 'duplicate-cookie', of: 'access', name: '__Host-access', count: 2 },
      { type: 'duplicate-cookie', of: 'refresh', name: '__Host-refresh', count: 2 },
      { type: 'refreshed' },
    ]);
    events.length = 0;
    await tokens.authenticate({ headers: { cookie: `x__Host-access=1; __Host-access=${browser.access}` } });
    expect(events).toEqual([]);
  });
});

describe('no secret leaves', () => {
  it('in what is inspected, turned into JSON, told as an event or thrown', async () => {
    const { tokens, browser, events, clock, options } = await signedIn();
    const thief = browser.copy();
    await browser.refresh();
    clock.advance('31s');
    await browser.refresh();
    clock.advance('31s');
    await thief.refresh();
    const refused = refusal(await tokens.authenticate(thief.request));
    const shown = [events, refused, refused.error, tokens].map((one) => inspect(one, { depth: 9 }));
    const text = [...shown, JSON.stringify([events, refused, tokens])].join();
    for (const secret of [...thief.cookies.values(), ...browser.cookies.values()]) {
      for (const part of [secret, ...secret.split('.').filter((one) => one.length > 20)]) {
        expect(text.includes(part), part).toBe(false);
      }
    }
    expect(inspect(options.keys, { depth: 9 })).not.toContain('hpk_');
    expect(new Set(events.map(({ family }) => family)).size).toBe(1);
  });

  it('and a listener that throws, or rejects, breaks no request', async () => {
    for (const onEvent of [
      () => Promise.reject(new Error('later')),
      () => {
        throw new Error('at once');
      },
    ]) {
      const { browser } = await signedIn({ onEvent });
      expect([await browser.visit(), await browser.refresh(), await browser.signOut()]).toEqual([
        'alice',
        'ok',
        1,
      ]);
    }
  });
});

describe('a store that does not answer', () => {
  it('is 503 with Retry-After and an event, never a visitor and never a refusal', async () => {
    let away = false;
    const store = new Proxy(memoryStore(), {
      get: (target, name: 'read') =>
        away ? () => Promise.reject(new Error('connection refused')) : target[name].bind(target),
    });
    const { tokens, browser, events } = await signedIn({ store });
    away = true;
    const calls = [
      () => tokens.authenticate(browser.request),
      () => tokens.refresh(browser.request, new Headers()),
      () => tokens.revoke(browser.request),
      () => tokens.issueBearer('alice'),
    ];
    for (const call of calls) {
      const error = (await call().catch((thrown: unknown) => thrown)) as HttpError;
      expect([error.code, error.status]).toEqual(['store-unavailable', 503]);
      expect(error.getResponse().headers.get('retry-after')).toBe('5');
    }
    const failed = events.map((event) => event.type === 'store-failed' && event.operation);
    expect(failed).toEqual(['read', 'read', 'read', 'read']);
    away = false;
    expect(await browser.visit()).toBe('alice');
  });
});
