import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { randomText } from '../crypto/index.ts';
import { losslessJson } from '../errors/lossless-json.ts';
import { type Reason, reason } from '../scope/verdict.ts';
import type { AccessFacts } from './access-facts.ts';
import type { TokenKeys } from './keys.ts';
import type { VerifiedTokens } from './verified-tokens.ts';

/** What access tokens of one issuer have in common. */
export interface AccessRules {
  readonly keys: TokenKeys;
  readonly issuer: string;
  readonly audience: string | readonly string[];
  /** Seconds that an access token lives. */
  readonly life: number;
  readonly verified: VerifiedTokens;
}

/** Seconds that the clock of another server may be ahead of ours. The end of a token is not stretched. */
export const tolerance = 60;

/** Not ours yet: it would promise that the bearer proves a key, and nobody checks that. RFC 7800 §3.1. */
const keptOut = ['cnf'] as const;
/** A claim that `issue` may not be given, because the token has one of its own. */
const ownClaims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'] as const;
const type = 'at+jwt';
const jtiBytes = 16;
const jtiSyntax = /^([\w-]{22})\.[\w-]{22}(?:\.(\d{1,9}))?$/;
const jwtSyntax = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The family that an access token of this name belongs to. */
export function familyOf(jti: unknown): string | undefined {
  return typeof jti === 'string' ? jtiSyntax.exec(jti)?.[1] : undefined;
}

/** The epoch in which that family began; the first one stands in no name. */
const epochOf = (jti: string): number => Number(jtiSyntax.exec(jti)?.[2] ?? 0);

/** Claims as JSON text. @throws TypeError for what is no object of JSON, what JSON would lose, or what would replace what the token itself says. */
export function claimsText(claims: object): string {
  const text = losslessJson('claims', claims);
  if (!text?.startsWith('{')) throw new TypeError('claims must be a plain object.');
  const parsed: object = JSON.parse(text);
  const unchecked = keptOut.find((name) => Object.hasOwn(parsed, name));
  if (unchecked !== undefined) {
    throw new TypeError(
      `claims must not hold ${unchecked}: it binds a token to a key, which is not checked here.`,
    );
  }
  const taken = ownClaims.find((name) => Object.hasOwn(parsed, name));
  if (taken !== undefined) throw new TypeError(`claims must not hold ${taken}: the token makes it itself.`);
  return text;
}

/** A new access token of this family, which it does not outlive. @param now, endsAt in ms since 1970 */
export async function signAccess(
  { keys, issuer, life }: AccessRules,
  {
    user,
    family,
    epoch,
    claims,
    audience,
    endsAt,
  }: {
    user: string;
    family: string;
    epoch: number;
    claims: object;
    audience: readonly string[];
    endsAt: number;
  },
  now: number,
): Promise<AccessFacts & { readonly access: string }> {
  const { kid, alg, key } = await keys.signing();
  const iat = Math.floor(now / 1_000);
  const exp = Math.min(iat + life, Math.ceil(endsAt / 1_000));
  const jti = `${family}.${randomText(jtiBytes)}${epoch === 0 ? '' : `.${epoch}`}`;
  const aud = audience.length === 1 ? audience[0] : [...audience];
  const access = await new SignJWT({ ...claims, iss: issuer, sub: user, aud, iat, nbf: iat, exp, jti })
    .setProtectedHeader({ alg, kid, typ: type })
    .sign(key);
  return { access, user, claims, jti, family, epoch, expiresAt: exp * 1_000 };
}

/**
 * What a genuine access token of ours says, or why this is none. Every text is an answer. The signature is verified before
 * any claim is believed (RFC 8725 §3), by the key that `kid` names and the algorithm that this key is for: `alg` of the
 * token only has to agree, and `jku`, `x5u`, `x5c` and `jwk` are not looked at.
 */
export async function verifyAccess(
  { keys, issuer, audience, life, verified }: AccessRules,
  token: string,
  now: number,
): Promise<AccessFacts | Reason> {
  const knownBy = verified.keyOf(token);
  if (knownBy !== undefined) {
    const facts = verified.factsOf(token, await keys.find(knownBy), now);
    if (facts !== undefined) return facts;
  }
  const named = readHeader(token);
  if (named === undefined) return reason('token-malformed');
  const { kid, alg } = named;
  if (typeof alg !== 'string' || !keys.algorithms.has(alg)) return reason('token-wrong-algorithm');
  const pinned = typeof kid === 'string' ? await keys.find(kid) : undefined;
  if (pinned === undefined) return reason('token-unknown-key');
  if (pinned.alg !== alg) return reason('token-wrong-algorithm');

  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, pinned.key, {
      algorithms: [pinned.alg],
      typ: type,
      issuer,
      audience: typeof audience === 'string' ? audience : [...audience],
      requiredClaims: [...ownClaims],
      maxTokenAge: life,
      clockTolerance: tolerance,
      currentDate: new Date(now),
    }));
  } catch (error) {
    if (error instanceof errors.JOSEError) return refusal(error);
    throw error;
  }

  // Bound to a key, whose proof nobody checks here.
  if (keptOut.some((claim) => payload[claim] !== undefined))
    return reason('token-wrong-claim', { claim: keptOut[0] });
  const { sub: user, jti, exp = 0, iat = 0 } = payload;
  const family = familyOf(jti);
  if (typeof user !== 'string') return reason('token-wrong-claim', { claim: 'sub' });
  if (jti === undefined || family === undefined) return reason('token-wrong-claim', { claim: 'jti' });
  const expiresAt = exp * 1_000;
  if (expiresAt <= now) return reason('token-expired');
  const facts = { user, claims: withoutOwn(payload), jti, family, epoch: epochOf(jti), expiresAt };
  verified.add(token, pinned, facts, now, Math.min(expiresAt, (iat + life) * 1_000));
  return facts;
}

function readHeader(token: string): { kid?: unknown; alg?: unknown } | undefined {
  if (!jwtSyntax.test(token)) return undefined;
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

/** What jose has against a token, as a reason. Its messages are not passed on. */
function refusal(error: errors.JOSEError): Reason {
  if (error instanceof errors.JWSSignatureVerificationFailed) return reason('token-broken-signature');
  if (error instanceof errors.JWTExpired) return reason('token-expired');
  if (!(error instanceof errors.JWTClaimValidationFailed)) return reason('token-malformed');
  const { claim, reason: why } = error;
  const early = why === 'check_failed' && (claim === 'nbf' || claim === 'iat');
  return early ? reason('token-not-yet-valid') : reason('token-wrong-claim', { claim });
}

function withoutOwn(payload: JWTPayload): object {
  const { iss: _iss, sub: _sub, aud: _aud, exp: _exp, nbf: _nbf, iat: _iat, jti: _jti, ...claims } = payload;
  return claims;
}
