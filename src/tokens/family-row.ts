import { type Awaitable, sha256 } from '../crypto/index.ts';
import type { Ended, SessionPatch, SessionRecord } from '../store/contract.ts';
import { isLive } from '../store/record.ts';
import { type Verifiers, verifiersFor } from '../store/verifier.ts';

/** The secrets of refresh tokens. Hashed for this use, so that none of them opens a session of the same store. */
export const refreshSecrets: Verifiers = verifiersFor('hallpass refresh ');

const familyKeyKey = 'familyKey';
const claimsKey = 'claims';
const audienceKey = 'audience';
const endedPrefix = 'ended:';

/** Of a family key under the issuer that the family is bound to. */
export const hashFamilyKey = (issuer: string, familyKey: string): Awaitable<string> =>
  sha256(`hallpass family ${issuer.length} ${issuer} ${familyKey}`);

/** A row of the store that is a family of tokens, and no session. */
export interface FamilyRow extends SessionRecord {
  readonly userId: string;
}

/** The row, when it is a family of tokens. */
export function asFamily(row: SessionRecord | Ended | undefined): FamilyRow | undefined {
  return isLive(row) && row.userId !== null && Object.hasOwn(row.data, familyKeyKey)
    ? (row as FamilyRow)
    : undefined;
}

export function familyRow(facts: {
  family: string;
  user: string;
  secretHash: string;
  familyKeyHash: string;
  /** JSON text. */
  claims: string;
  audience: readonly string[];
  now: number;
  /** Milliseconds that the family lives, however often it is refreshed. */
  life: number;
}): FamilyRow {
  const { family, user, secretHash, familyKeyHash, claims, audience, now, life } = facts;
  return {
    selector: family,
    gen: 0,
    hash: secretHash,
    userId: user,
    data: {
      [familyKeyKey]: JSON.stringify(familyKeyHash),
      [claimsKey]: claims,
      [audienceKey]: JSON.stringify(audience),
    },
    createdAt: now,
    authenticatedAt: now,
    seenAt: now,
    idle: life,
    idleAt: now + life,
    absoluteAt: now + life,
    remember: true,
  };
}

/** The JSON text of a hash, as the row holds it. */
export const familyKeyHashOf = (row: FamilyRow): string => row.data[familyKeyKey] ?? '';

/** The claims that the family was issued with. */
export const claimsOf = (row: FamilyRow): object => JSON.parse(row.data[claimsKey] ?? '{}');

/** Whom the tokens of the family are for. */
export const audienceOf = (row: FamilyRow): readonly string[] => JSON.parse(row.data[audienceKey] ?? '[]');

/** True for an access token of this family that was ended on its own. */
export const isEnded = (row: FamilyRow, jti: string): boolean => Object.hasOwn(row.data, endedPrefix + jti);

/** A patch that ends one access token, and forgets those that have expired since. @param until when it would have expired */
export function endToken(row: FamilyRow, jti: string, until: number, now: number): SessionPatch {
  const past = Object.entries(row.data)
    .filter(([key, text]) => key.startsWith(endedPrefix) && Number(text) <= now)
    .map(([key]) => key);
  return { gen: row.gen, now, set: { [endedPrefix + jti]: String(until) }, delete: past };
}
