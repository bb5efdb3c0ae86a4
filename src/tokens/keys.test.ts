import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { audience, issuer, tokenServer } from '../../conformance/tokens/token-server.ts';
import { generateKey, type KeyOptions, keyRing } from '../seal/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import type { TokenOptions } from './options.ts';

const now = new Date(1_700_000_000_000);

async function pair(alg: string, kid?: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, ...(kid && { kid }) };
}

const secret = (octets: number, alg = 'HS256', fill = 'hp-secret-') => ({
  kty: 'oct',
  k: Buffer.alloc(octets, fill).toString('base64url'),
  alg,
});

function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
}

/** Who a token of the one speaks for at the other. */
async function carry(token: string, keys: TokenOptions['keys'], store: TokenOptions['store']) {
  const visitor = await tokenServer({ keys, store }).tokens.authenticate(
    new Headers({ authorization: `Bearer ${token}` }),
  );
  return visitor.allowed ? visitor.user : visitor.reasons[0].code;
}

describe('a key ring', () => {
  it('signs HS256 under a key of its own: the ring’s secret is no key of a token', async () => {
    const text = generateKey();
    const { access } = await tokenServer({ keys: keyRing(text) }).tokens.issueBearer('alice');
    expect(headerOf(access)).toEqual({ alg: 'HS256', kid: expect.any(String), typ: 'at+jwt' });
    const raw = await importJWK({ kty: 'oct', k: text.slice(4) }, 'HS256');
    await expect(jwtVerify(access, raw, { currentDate: now })).rejects.toThrow('signature');
  });

  it('rotates: next verifies already, active signs, old verifies still, revoked does not', async () => {
    const [one, two] = [generateKey(), generateKey()];
    const store = memoryStore();
    const ring = (...keys: KeyOptions[]) => keyRing(keys);
    const today = ring({ secret: one }, { secret: two, state: 'next' });
    const tomorrow = ring({ secret: two }, { secret: one, state: 'old' });
    const later = ring({ secret: two }, { secret: one, state: 'revoked' });
    const [old, fresh] = [
      (await tokenServer({ keys: today, store }).tokens.issueBearer('alice')).access,
      (await tokenServer({ keys: tomorrow, store }).tokens.issueBearer('alice')).access,
    ];
    expect(headerOf(old).kid).not.toBe(headerOf(fresh).kid);
    expect([await carry(old, tomorrow, store), await carry(fresh, today, store)]).toEqual(['alice', 'alice']);
    expect([await carry(old, later, store), await carry(fresh, later, store)]).toEqual([
      'token-unknown-key',
      'alice',
    ]);
  });

  it('publishes nothing', async () => {
    expect(await tokenServer().tokens.jwks()).toEqual({ keys: [] });
  });
});

describe('JSON Web Keys', () => {
  it.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'PS256', 'RS256'])(
    '%s: others verify our tokens with what jwks() publishes, and it holds no private half',
    async (alg) => {
      const key = await pair(alg);
      const { tokens } = tokenServer({ keys: [key] });
      const { access } = await tokens.issueBearer('alice', { role: 'admin' });
      const published = await tokens.jwks();
      const { payload } = await jwtVerify(access, createLocalJWKSet(published), {
        issuer,
        audience,
        typ: 'at+jwt',
        algorithms: [alg],
        currentDate: now,
      });
      expect(payload).toMatchObject({ sub: 'alice', role: 'admin' });
      const names = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'];
      expect(Object.keys(published.keys[0] ?? {}).filter((name) => !names.includes(name))).toEqual([]);
      expect(await carry(access, [key], memoryStore())).toBe('token-revoked');
    },
  );

  it('the first signs, all verify, and only the first needs its private half', async () => {
    const [one, two] = [await pair('ES256', 'one'), await pair('EdDSA', 'two')];
    const { d: _, ...publicOne } = one;
    const store = memoryStore();
    const { access } = await tokenServer({ keys: [one, two], store }).tokens.issueBearer('alice');
    expect(headerOf(access)).toEqual({ alg: 'ES256', kid: 'one', typ: 'at+jwt' });
    expect(await carry(access, [two, publicOne], store)).toBe('alice');
    expect(await carry(access, [two], store)).toBe('token-wrong-algorithm');
    const { keys } = await tokenServer({ keys: [two, publicOne] }).tokens.jwks();
    expect(keys.map(({ kid, alg }) => [kid, alg])).toEqual([
      ['two', 'EdDSA'],
      ['one', 'ES256'],
    ]);
  });

  it('are named by their thumbprint where they have no kid, and secret ones are never published', async () => {
    const { tokens } = tokenServer({ keys: [secret(32)] });
    const { access } = await tokens.issueBearer('alice');
    expect(headerOf(access).kid).toMatch(/^[\w-]{43}$/);
    expect(await tokens.jwks()).toEqual({ keys: [] });
  });

  it('S144: must be strong, whole, of one kind, and say their algorithm', async () => {
    const es = await pair('ES256', 'one');
    const rsa = await pair('RS256');
    const { alg: _alg, ...nameless } = es;
    const { d: _d, ...half } = es;
    const { y: _y, ...cut } = es;
    const refused: [JWK[], string][] = [
      [[secret(31)], 'at least 32 octets'],
      [[secret(47, 'HS384')], 'at least 48 octets'],
      [[secret(63, 'HS512')], 'at least 64 octets'],
      [[{ ...secret(32), k: 'not base64url!' }], 'at least 32 octets'],
      [[{ kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB', alg: 'RS256' }], 'at least 256 octets'],
      [[nameless], 'needs its alg'],
      [[{ ...es, alg: 'none' }], 'needs its alg'],
      [[{ ...es, alg: 'toString' }], 'needs its alg'],
      [[{ ...es, alg: 'ES384' }], 'takes kty EC and crv P-384'],
      [[{ ...es, alg: 'HS256' }], 'takes kty oct'],
      [[{ ...es, use: 'enc' }], 'encryption'],
      [[half], 'private half'],
      [[cut], 'has no y'],
      [[es, secret(32)], 'never mix'],
      [[es, { ...(await pair('EdDSA')), kid: 'one' }], 'same kid'],
      [[secret(64), secret(64, 'HS512')], 'a kid of its own'],
      [[rsa, { ...rsa, alg: 'PS256' }], 'a kid of its own'],
      [[], 'needs keys'],
    ];
    for (const [keys, why] of refused) {
      const make = () => tokenServer({ keys });
      expect(make, why).toThrow(TypeError);
      expect(make).toThrow(why);
      expect(make).not.toThrow('hp-secret-');
    }
  });

  it('that this runtime cannot use are an error of the programmer, which does not hold them', async () => {
    const broken = { ...(await pair('ES256')), x: 'AAAA' };
    const issue = tokenServer({ keys: [broken] }).tokens.issueBearer('alice');
    await expect(issue).rejects.toThrow('keys[0] is no ES256 key that this runtime can use.');
  });
});

describe('createTokens', () => {
  it('says what is missing or cannot be meant', () => {
    const wrong: [object, string][] = [
      [{ keys: undefined }, 'needs keys'],
      [{ keys: 'secret' }, 'needs keys'],
      [{ issuer: '' }, 'needs issuer'],
      [{ audience: undefined }, 'needs audience'],
      [{ audience: [] }, 'needs audience'],
      [{ audience: ['a', ''] }, 'needs audience'],
      [{ access: '500ms' }, 'a second or longer'],
      [{ access: '1h', refresh: '1h' }, 'longer than access'],
      [{ refresh: '401d' }, '400 days'],
      [{ rotationGrace: '30d' }, 'shorter than refresh'],
      [{ rotationGrace: '2d' }, 'over a day'],
      [{ rotationGrace: '86400001ms' }, 'over a day'],
      [{ access: 'soon' }, 'Not a duration'],
      [{ access: 900_000 }, "'15m'"],
      [{ refresh: 30 * 86_400_000 }, "'30d'"],
      [{ rotationGrace: 30_000 }, "'30000ms'"],
      [{ cookie: { access: { maxAge: 60 } } }, 'leave maxAge and expires out'],
      [{ cookie: { refresh: { httpOnly: false } } }, 'HttpOnly'],
      [{ cookie: { access: { secure: false, name: 'access' } } }, 'Secure'],
      [{ cookie: { refresh: { name: '__Host-refresh', path: '/auth' } } }, '__Host-'],
      [{ cookie: { refresh: { name: '__Host-access' } } }, 'two different names'],
    ];
    for (const [options, why] of wrong) {
      expect(() => tokenServer(options), why).toThrow(TypeError);
      expect(() => tokenServer(options)).toThrow(why);
    }
    expect(() => tokenServer({ rotationGrace: '1d' })).not.toThrow();
    expect(() => tokenServer({ storeTimeout: 0 })).toThrow('storeTimeout');
    expect(() => tokenServer({ store: {} as TokenOptions['store'] })).toThrow(
      'must be a store, for example sqliteStore(path) or memoryStore(), not something without create()',
    );
  });

  it('gives the refresh cookie the narrowest path that is asked for, and the prefix that it permits', async () => {
    const { tokens } = tokenServer({
      cookie: { refresh: { path: '/auth' }, access: { sameSite: 'strict' } },
    });
    const lines = (await tokens.issue('alice', new Headers())).getSetCookie();
    expect(lines[0]).toMatch(/^__Host-access=.*SameSite=Strict/);
    expect(lines[1]).toMatch(/^__Secure-refresh=[^;]+; Path=\/auth; Secure; HttpOnly; SameSite=Strict/);
  });
});
