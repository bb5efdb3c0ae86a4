import fc from 'fast-check';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { audience, issuer, tokenServer } from '../../conformance/tokens/token-server.ts';
import { generateKey, keyRing } from '../seal/index.ts';

const now = 1_700_000_000;
const k = (byte: number) => Buffer.alloc(32, `secret${byte}`).toString('base64url');
const hs256 = { kty: 'oct', k: k(1), alg: 'HS256', kid: 'one' };
const family = 'F'.repeat(22);
const good: JWTPayload = {
  iss: issuer,
  aud: audience,
  sub: 'alice',
  iat: now,
  nbf: now,
  exp: now + 900,
  jti: `${family}.${'j'.repeat(22)}`,
};
const header = { alg: 'HS256', kid: 'one', typ: 'at+jwt' };

/** A token with this header and these claims, under the right key unless another is given. */
async function forge(claims: JWTPayload, head: object = {}, jwk: object = hs256): Promise<string> {
  const key = await importJWK(jwk, 'HS256');
  return new SignJWT(claims).setProtectedHeader({ ...header, ...head } as never).sign(key);
}

const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens whose families all live: what is refused is refused for the token's own sake. */
const listed = () =>
  tokenServer({ keys: [hs256], revocations: { add: async () => {}, has: async () => false } });
const { tokens, clock } = listed();

async function outcome(token: string, on = tokens): Promise<string> {
  const visitor = await on.authenticate(new Headers({ authorization: `Bearer ${token}` }));
  if (visitor.allowed) return visitor.user;
  expect(visitor.error.status).toBe(401);
  expect(visitor.error.getResponse().headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  return visitor.reasons[0].code;
}

describe('S144: an access token', () => {
  it('is accepted as we make it', async () => {
    expect(await outcome(await forge(good))).toBe('alice');
  });

  const claims = (change: JWTPayload) => () => forge({ ...good, ...change });
  const without = (claim: string) => () => forge({ ...good, [claim]: undefined });
  const table: [what: string, code: string, token: () => string | Promise<string>][] = [
    ['that is garbage', 'token-malformed', () => 'garbage'],
    ['that is empty', 'token-malformed', () => ''],
    ['of two parts', 'token-malformed', () => 'a.b'],
    ['of five parts, encrypted', 'token-malformed', () => 'a.b.c.d.e'],
    ['whose header is no JSON', 'token-malformed', () => `eA.${text(good)}.x`],
    ['whose payload is no object', 'token-broken-signature', () => `${text(header)}.${text([1])}.AAAA`],
    ['that has expired', 'token-expired', claims({ iat: now - 900, nbf: now - 900, exp: now })],
    ['of another issuer', 'token-wrong-claim', claims({ iss: 'https://evil.example' })],
    ['for another audience', 'token-wrong-claim', claims({ aud: 'https://other.example' })],
    ['for a list of other audiences', 'token-wrong-claim', claims({ aud: ['a', 'b'] })],
    ['of another type', 'token-wrong-claim', () => forge(good, { typ: 'JWT' })],
    ['of no type', 'token-wrong-claim', () => forge(good, { typ: undefined })],
    ['with a jti that names no family', 'token-wrong-claim', claims({ jti: 'x' })],
    ['with a sub that is no text', 'token-wrong-claim', claims({ sub: 7 as never })],
    ['with an exp that is no number', 'token-wrong-claim', claims({ exp: '9999999999' as never })],
    ['issued two minutes from now', 'token-not-yet-valid', claims({ iat: now + 120, exp: now + 1_000 })],
    ['good only in two minutes', 'token-not-yet-valid', claims({ nbf: now + 120 })],
    ['that lives for a year', 'token-expired', claims({ iat: now - 90_000, exp: now + 9e6 })],
    ['with a critical extension', 'token-malformed', () => `${text({ ...header, crit: ['x'], x: 1 })}.e30.x`],
    ['that names no key', 'token-unknown-key', () => forge(good, { kid: undefined })],
    ['that names another key', 'token-unknown-key', () => forge(good, { kid: 'two' })],
    ['of another key', 'token-broken-signature', () => forge(good, {}, { ...hs256, k: k(2) })],
    ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'].map((claim): (typeof table)[number] => [
      `without ${claim}`,
      'token-wrong-claim',
      without(claim),
    ]),
  ];
  it.each(table)('%s is 401, as %s', async (_, code, token) => {
    expect(await outcome(await token())).toBe(code);
  });

  it('ends to the second, and one from a server whose clock is a minute ahead is good', async () => {
    const last = await forge({ ...good, exp: now + 1 });
    const later = tokenServer({
      keys: [hs256],
      revocations: { add: async () => {}, has: async () => false },
    });
    expect(await outcome(last, later.tokens)).toBe('alice');
    later.clock.advance('999ms');
    expect(await outcome(last, later.tokens)).toBe('alice');
    later.clock.advance('1ms');
    expect(await outcome(last, later.tokens)).toBe('token-expired');
    expect(await outcome(await forge({ ...good, iat: now + 60, nbf: now + 60 }))).toBe('alice');
  });

  it('that came before is judged anew by the time, in both directions, and by every octet of it', async () => {
    const later = listed();
    const seen = await forge({ ...good, iat: now + 30, nbf: now + 30, exp: now + 2_000 });
    for (let times = 0; times < 2; times += 1) expect(await outcome(seen, later.tokens)).toBe('alice');
    expect(await outcome(`${seen.slice(0, -2)}AA`, later.tokens)).toBe('token-broken-signature');
    later.clock.advance('15m');
    expect(await outcome(seen, later.tokens)).toBe('alice');
    later.clock.advance('91s');
    expect(await outcome(seen, later.tokens)).toBe('token-expired');
    let ahead = 60_000;
    const moving = { ...clock, now: () => clock.now() + ahead };
    const revocations = { add: async () => {}, has: async () => false };
    const earlier = tokenServer({ keys: [hs256], revocations, clock: moving });
    expect(await outcome(seen, earlier.tokens)).toBe('alice');
    ahead = -60_000;
    expect(await outcome(seen, earlier.tokens)).toBe('token-not-yet-valid');
  });

  it('that came before gives each request claims of its own', async () => {
    const seen = await forge({ ...good, roles: ['reader'] });
    const claims = async () => {
      const visitor = await tokens.authenticate(new Headers({ authorization: `Bearer ${seen}` }));
      return visitor.allowed ? (visitor.claims as { roles: string[] }) : undefined;
    };
    for (let times = 0; times < 3; times += 1) {
      const mine = await claims();
      expect(mine).toEqual({ roles: ['reader'] });
      mine?.roles.push('writer');
    }
  });

  it('of a family that no store knows is 401', async () => {
    expect(await outcome(await forge(good), tokenServer({ keys: [hs256] }).tokens)).toBe('token-revoked');
  });

  it('of another user of the same family is 401', async () => {
    const { tokens: own } = tokenServer({ keys: [hs256] });
    const pair = await own.issueBearer('alice');
    const visitor = await own.authenticate(new Headers({ authorization: `Bearer ${pair.access}` }));
    const jti = visitor.allowed ? visitor.jti : '';
    expect(await outcome(await forge({ ...good, jti }), own)).toBe('alice');
    expect(await outcome(await forge({ ...good, jti, sub: 'root' }), own)).toBe('token-revoked');
  });
});

describe('ASVS V9: self-contained tokens', () => {
  it('ASVS 9.1.1: the signature is verified before any claim is believed', async () => {
    const expired = await forge({ ...good, exp: now - 1, iss: 'https://evil.example' });
    const [head, , signature] = expired.split('.');
    expect(await outcome(`${head}.${text({ ...good, sub: 'root' })}.${signature}`)).toBe(
      'token-broken-signature',
    );
    expect(await outcome(`${expired.slice(0, -4)}AAAA`)).toBe('token-broken-signature');
  });

  it('ASVS 9.1.2: only the algorithm of the key is accepted: never none, in no spelling', async () => {
    for (const alg of ['none', 'None', 'NONE', '', 'HS512', 'ES256', 'RS256', null, undefined, 7, {}]) {
      expect(await outcome(`${text({ ...header, alg })}.${text(good)}.`)).toBe('token-wrong-algorithm');
      expect(await outcome(`${text({ ...header, alg })}.${text(good)}.x`)).toBe('token-wrong-algorithm');
    }
  });

  it('ASVS 9.1.2: a public key is never taken for a secret one, nor one algorithm’s key for another’s', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const rsa = { ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'one' };
    const pss = { ...(await exportJWK((await generateKeyPair('PS256', { extractable: true })).privateKey)) };
    const { tokens: rs } = tokenServer({ keys: [rsa, { ...pss, alg: 'PS256', kid: 'two' }] });
    const n = (await exportJWK(publicKey)).n ?? '';
    const confused = await forge(good, {}, { kty: 'oct', k: n, alg: 'HS256' });
    expect(await outcome(confused, rs)).toBe('token-wrong-algorithm');
    const crossed = await new SignJWT(good)
      .setProtectedHeader({ alg: 'RS256', kid: 'two', typ: 'at+jwt' })
      .sign(privateKey);
    expect(await outcome(crossed, rs)).toBe('token-wrong-algorithm');
    expect(() => tokenServer({ keys: [rsa, { ...hs256, kid: 'three' }] })).toThrow('never mix');
  });

  it('ASVS 9.1.3: keys come from the configuration: jku, x5u, x5c and jwk of a token lead nowhere', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const mine = { ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)) };
    const { tokens: es } = tokenServer({ keys: [{ ...mine, alg: 'ES256', kid: 'one' }] });
    for (const lead of [{ jwk }, { jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/x' }]) {
      const token = await new SignJWT(good)
        .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt', ...lead })
        .sign(privateKey);
      expect(await outcome(token, es)).toBe('token-broken-signature');
      const unnamed = await new SignJWT(good)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...lead })
        .sign(privateKey);
      expect(await outcome(unnamed, es)).toBe('token-unknown-key');
    }
  });

  it('ASVS 9.2.1: exp and nbf are required and held, with no tolerance at the end and 60 s at the beginning', async () => {
    expect(await outcome(await forge({ ...good, exp: now }))).toBe('token-expired');
    expect(await outcome(await forge({ ...good, nbf: now + 61 }))).toBe('token-not-yet-valid');
    expect(await outcome(await forge({ ...good, nbf: now + 60 }))).toBe('alice');
  });

  it('ASVS 9.2.2: a token of another type or purpose is no access token', async () => {
    const ring = keyRing(generateKey());
    const { tokens: own } = tokenServer({ keys: ring });
    const { access, refresh } = await own.issueBearer('alice');
    expect(JSON.parse(Buffer.from(access.split('.')[0] ?? '', 'base64url').toString()).typ).toBe('at+jwt');
    expect(await outcome(refresh, own)).toBe('token-malformed');
    for (const typ of ['JWT', 'id+jwt', 'logout+jwt', 'dpop+jwt']) {
      expect(await outcome(await forge(good, { typ }))).toBe('token-wrong-claim');
    }
  });

  it('ASVS 9.2.3, 9.2.4: a token for another service of the same issuer is refused', async () => {
    const keys = keyRing(generateKey());
    const { tokens: billing, store } = tokenServer({ keys, audience: 'https://billing.example.com' });
    const { access } = await billing.issueBearer('alice');
    expect(await outcome(access, tokenServer({ keys, store }).tokens)).toBe('token-wrong-claim');
    const both = tokenServer({ keys, store, audience: [audience, 'https://billing.example.com'] });
    expect(await outcome(access, both.tokens)).toBe('alice');
  });
});

describe('whatever comes', () => {
  let genuine: string;
  beforeAll(async () => {
    genuine = await forge(good);
  });

  it('a token that was changed anywhere is 401, never an exception', async () => {
    for (let at = 0; at < genuine.length; at += 1) {
      const changed = genuine.slice(0, at) + (genuine[at] === 'A' ? 'B' : 'A') + genuine.slice(at + 1);
      expect(await outcome(changed), changed).not.toBe('alice');
      expect(await outcome(genuine.slice(0, at))).not.toBe('alice');
    }
  });

  it('any header and any claims, even well signed, are an answer', async () => {
    const json = fc.jsonValue();
    const near = fc.record({ ...Object.fromEntries(Object.keys(good).map((name) => [name, json])) });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ alg: json, kid: json, typ: json }),
        near,
        json,
        async (head, claims, odd) => {
          for (const payload of [claims, odd, { ...good, ...claims }, { ...good, sub: odd }]) {
            expect(await outcome(`${text({ ...header, ...head })}.${text(payload)}.AAAA`)).toMatch(/^token-/);
          }
          const signed = await forge({ ...good, ...claims }).catch(() => 'x');
          expect(await outcome(signed)).toMatch(/^token-/);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('any claims that are no claims of ours come back as they were given, through a refresh too', async () => {
    const { tokens: own } = tokenServer();
    const odd = ['__proto__', 'constructor', 'toString', 'kid', 'alg', 'typ', 'hasOwnProperty'];
    const name = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary' }));
    const anyClaims = fc.dictionary(
      name.filter((one) => !Object.hasOwn(good, one)),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(anyClaims, async (claims) => {
        const { refresh } = await own.issueBearer('alice', claims);
        const next = await own.refreshBearer(refresh);
        const access = next.allowed ? next.access : '';
        const visitor = await own.authenticate(new Headers({ authorization: `Bearer ${access}` }));
        expect(JSON.stringify(visitor.allowed && visitor.claims)).toBe(JSON.stringify(claims));
      }),
      { numRuns: 50 },
    );
  });

  it('any text in either header and either method is an answer', async () => {
    const soup = fc.string({ unit: fc.constantFrom(...'.=;, ABbearer "\\%-_eyJ0'.split('')) });
    await fc.assert(
      fc.asyncProperty(soup, soup, async (one, two) => {
        const from = { header: (name: string) => (name === 'cookie' ? `__Host-access=${one}` : two) };
        expect((await tokens.authenticate(from)).allowed).toBe(false);
        const cookie = {
          header: (name: string) => (name === 'cookie' ? `__Host-refresh=${one}` : undefined),
        };
        expect((await tokens.refresh(cookie, new Headers())).allowed).toBe(false);
        expect(await tokens.revoke(cookie)).toBe(0);
        expect(await tokens.revoke(from)).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(clock.now()).toBe(now * 1_000);
  });
});
