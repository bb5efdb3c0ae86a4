// `node bench/tokens.ts`, after a build: a request with an access token that came before, beside fast-jwt's verify with its cache.
import { randomBytes } from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';
import { generateKey, keyRing } from 'hallpass/seal';
import { memoryStore } from 'hallpass/stores/memory';
import { createTokens } from 'hallpass/tokens';
import type { Comparison } from './shared/comparison.ts';
import { versionOf } from './shared/peers.ts';
import { compareAwaited, report } from './shared/ratio.ts';

const issuer = 'https://app.test';
const users = Array.from({ length: 64 }, (_, at) => `user-${at}`);

const tokens = createTokens({ keys: keyRing(generateKey()), issuer, audience: issuer, store: memoryStore() });
const key = randomBytes(32);
const facts = { algorithm: 'HS256', iss: issuer, aud: issuer, expiresIn: 900_000 } as const;
const sign = createSigner({ key, ...facts, notBefore: 0 });
const rules = { algorithms: ['HS256' as const], allowedIss: issuer, allowedAud: issuer };
const verifiers = {
  'its cache': createVerifier({ key, ...rules, cache: 1_000 }),
  'no cache': createVerifier({ key, ...rules }),
};

interface SignedRequest {
  readonly request: { headers: { authorization: string } };
  readonly token: string;
}

const requests = await Promise.all(
  users.map(async (user): Promise<SignedRequest> => {
    const { access } = await tokens.issueBearer(user, { role: 'member' });
    return {
      request: { headers: { authorization: `Bearer ${access}` } },
      token: sign({ sub: user, jti: randomBytes(16).toString('base64url'), role: 'member' }),
    };
  }),
);

const beside = (cache: keyof typeof verifiers): Comparison<SignedRequest> => ({
  title: '`tokens.authenticate`: signature seen before; key, expiry and revocation looked at',
  input: 'the tokens of 64 users',
  inputs: requests,
  limit: 1.5,
  ours: { name: 'tokens.authenticate', run: ({ request }) => tokens.authenticate(request) },
  peer: { name: `${versionOf('fast-jwt')} verify, ${cache}`, run: ({ token }) => verifiers[cache](token) },
});

const outcomes = [];
for (const cache of Object.keys(verifiers) as (keyof typeof verifiers)[])
  outcomes.push(await compareAwaited(beside(cache)));
console.log(report('Access tokens', outcomes));
