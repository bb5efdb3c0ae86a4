import { expect, it } from 'vitest';
import { VerifiedTokens } from './verified-tokens.ts';

const key = { kid: 'one', alg: 'HS256', key: new Uint8Array(32) };
const facts = { user: 'ada', claims: {}, jti: 'j', family: 'f', epoch: 0, expiresAt: 1_000 };

it('a thousand verified tokens are remembered, the newest, for the key that verified them', () => {
  const verified = new VerifiedTokens();
  for (let at = 0; at <= 1_000; at += 1) verified.add(`token ${at}`, key, facts, 0, 1_000);
  expect(verified.keyOf('token 0')).toBeUndefined();
  expect(verified.factsOf('token 1', key, 999)).toEqual(facts);
  const others = [undefined, { ...key, key: new Uint8Array(32) }, { ...key, alg: 'HS384' }];
  for (const other of others) expect(verified.factsOf('token 1', other, 999)).toBeUndefined();
});

it('none is that is longer than a cookie may be', () => {
  const verified = new VerifiedTokens();
  const long = 'x'.repeat(4_097);
  verified.add(long, key, facts, 0, 1_000);
  expect(verified.keyOf(long)).toBeUndefined();
});
