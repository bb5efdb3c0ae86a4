import { generateKey, keyRing } from 'hallpass/seal';
import { decodeJwt, decodeProtectedHeader, importJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { tokenServer } from '../../conformance/tokens/token-server.ts';
import { memoryStore } from '../store/memory/index.ts';
import type { TokenOptions } from './options.ts';

const one = 'https://one.example.com';
const other = 'https://other.example.com';

/** Two makers of tokens over one store and one ring, which differ in these options. */
function pair(first: Partial<TokenOptions>, second: Partial<TokenOptions>) {
  const shared = { store: memoryStore(), keys: keyRing(generateKey()) };
  return [tokenServer({ ...shared, ...first }).tokens, tokenServer({ ...shared, ...second }).tokens] as const;
}

const audienceOf = (access: string) => JSON.parse(atob(access.split('.')[1] ?? '')).aud;

describe('a refresh token over a shared store', () => {
  it('of another issuer opens nothing, and ends nothing', async () => {
    const [ours, theirs] = pair({ issuer: one }, { issuer: other });
    const { refresh } = await ours.issueBearer('alice');
    const refused = { allowed: false, reasons: [{ code: 'refresh-wrong-family' }] };
    expect(await theirs.refreshBearer(refresh)).toMatchObject(refused);
    expect(await theirs.revoke({ refresh })).toBe(0);
    expect(await ours.refreshBearer(refresh)).toMatchObject({ allowed: true, user: 'alice' });
  });

  it('of another audience opens nothing, and ends nothing', async () => {
    const [ours, theirs] = pair({ audience: one }, { audience: other });
    const { refresh } = await ours.issueBearer('alice');
    const refused = { allowed: false, reasons: [{ code: 'refresh-wrong-audience' }] };
    expect(await theirs.refreshBearer(refresh)).toMatchObject(refused);
    expect(await ours.refreshBearer(refresh)).toMatchObject({ allowed: true, user: 'alice' });
  });

  it('gives access tokens for the audience of its own sign-in, when there are more by now', async () => {
    const [before, after] = pair({ audience: one }, { audience: [one, other] });
    const { refresh } = await before.issueBearer('alice');
    const next = await after.refreshBearer(refresh);
    expect(next.allowed && audienceOf(next.access)).toBe(one);
  });

  it('of a former issuer or audience is good where that is listed, and goes on for the present one', async () => {
    const [before, after] = pair(
      { issuer: one, audience: one },
      { issuer: other, audience: other, former: { issuers: [one], audiences: [one] } },
    );
    const { refresh } = await before.issueBearer('alice');
    const next = await after.refreshBearer(refresh);
    expect(next.allowed && audienceOf(next.access)).toBe(other);
    const bearer = new Headers({ authorization: `Bearer ${next.allowed ? next.access : ''}` });
    expect(await after.authenticate(bearer)).toMatchObject({ allowed: true, user: 'alice' });
  });
});

it('a claim cnf is refused: it would promise a proof that nobody checks', async () => {
  const claims = { cnf: { jkt: 'a thumbprint' } } as object;
  await expect(tokenServer().tokens.issueBearer('alice', claims)).rejects.toThrow(/cnf/);
});

it('so is a token of the same keys that has one, whoever made it', async () => {
  const key = { kty: 'oct', alg: 'HS256', kid: 'shared', k: 'A'.repeat(43) };
  const { tokens } = tokenServer({ keys: [key] });
  const { access } = await tokens.issueBearer('alice');
  const claims = { ...decodeJwt(access), cnf: { jkt: 'a thumbprint' } };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ ...decodeProtectedHeader(access), alg: 'HS256' })
    .sign(await importJWK(key));
  const outcomes = [access, token].map((one) =>
    tokens.authenticate(new Headers({ authorization: `Bearer ${one}` })),
  );
  expect(await Promise.all(outcomes)).toMatchObject([
    { allowed: true },
    { allowed: false, reasons: [{ code: 'token-wrong-claim', facts: { claim: 'cnf' } }] },
  ]);
});

it.each<[string, unknown]>([
  ['no number', Number.NaN],
  ['a function', () => true],
  ['a Map', new Map([['plan', 'pro']])],
  ['a promise', Promise.resolve('pro')],
])('claims that JSON would lose are a TypeError that says which: %s', async (_, limit) => {
  const { tokens } = tokenServer();
  await expect(tokens.issueBearer('alice', { plan: { limit } } as object)).rejects.toThrow(
    /^claims: .+ Store plain objects/,
  );
});
