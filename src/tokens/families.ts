import { equal } from '../crypto/index.ts';
import { HttpError } from '../errors.ts';
import type { ReasonCode } from '../scope/verdict.ts';
import type { PatchResult } from '../store/contract.ts';
import type { Everything } from '../store/everything.ts';
import type { Report } from '../store/report.ts';
import type { TimedStore } from '../store/time-limit.ts';
import { newVerifier } from '../store/verifier.ts';
import { tolerance } from './access-token.ts';
import type { TokenHappening } from './events.ts';
import {
  asFamily,
  audienceOf,
  type FamilyRow,
  familyKeyHashOf,
  familyRow,
  hashFamilyKey,
  refreshSecrets,
} from './family-row.ts';
import { formatRefresh, newFamily, newFamilyKey, parseRefresh, type RefreshToken } from './refresh-token.ts';
import type { TokenFamily } from './types.ts';

/** A family that nobody knows of yet. */
export interface NewFamily {
  readonly row: FamilyRow;
  readonly refresh: string;
}

/** A family after a refresh, and its present refresh token. */
export interface Refreshed {
  readonly row: FamilyRow;
  readonly refresh: string;
}

/** What families are bound to. The former ones are good for a refresh, and for nothing new. */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly former: { readonly issuers: readonly string[]; readonly audiences: readonly string[] };
}

/** The families of refresh tokens, as rows of a store. */
export class Families {
  readonly #store: TimedStore;
  readonly #report: Report<TokenHappening>;
  readonly #parties: TokenParties;
  readonly #everything: Everything;
  readonly #life: number;
  readonly #rotationGrace: number;
  /** Ends a family that was replayed. */
  readonly #end: (row: FamilyRow, now: number) => Promise<boolean>;

  /** @param o.life, o.rotationGrace in ms */
  constructor(
    store: TimedStore,
    o: {
      life: number;
      rotationGrace: number;
      parties: TokenParties;
      everything: Everything;
      report: Report<TokenHappening>;
      end: (row: FamilyRow, now: number) => Promise<boolean>;
    },
  ) {
    this.#store = store;
    this.#report = o.report;
    this.#parties = o.parties;
    this.#everything = o.everything;
    this.#life = o.life;
    this.#rotationGrace = o.rotationGrace;
    this.#end = o.end;
  }

  /** @param claims JSON text */
  async prepare(user: string, claims: string, now: number): Promise<NewFamily> {
    const token = { family: newFamily(), familyKey: newFamilyKey(), secret: newVerifier() };
    const secretHash = await refreshSecrets.hash(token.secret);
    const { issuer, audience } = this.#parties;
    const familyKeyHash = await hashFamilyKey(issuer, token.familyKey);
    const { family } = token;
    const life = this.#life;
    const row = familyRow({ family, user, secretHash, familyKeyHash, claims, audience, now, life });
    const data = await this.#everything.marked(row.data, await this.#everything.latest(now));
    return { row: { ...row, data }, refresh: formatRefresh(token) };
  }

  /** @throws HttpError 409 `session-gone` when the user's sign-ins were ended meanwhile. */
  async create({ row }: NewFamily, now: number): Promise<void> {
    const { selector, userId, absoluteAt } = row;
    const store = this.#store.together();
    const { epoch } = await store.enlist(userId, selector, { now, until: absoluteAt });
    if ((await store.create(row, { now, epoch })) !== 'created') {
      throw new HttpError(
        'session-gone',
        409,
        'The sign-ins of this user were ended while this one was under way: sign in again.',
      );
    }
  }

  /** The family that a refresh token really comes from, whether or not the token is its present one. No write. */
  async find(text: string, now: number): Promise<{ row: FamilyRow; token: RefreshToken } | ReasonCode> {
    const token = parseRefresh(text);
    if (token === undefined) return 'refresh-malformed';
    const found = await this.#store.read(token.family, { now });
    if (typeof found === 'string') return `refresh-${found}`;
    const row = asFamily(found);
    if (row === undefined) return 'refresh-unknown';
    if (!(await this.#isOfIssuer(row, token))) return 'refresh-wrong-family';
    if (await this.#everything.hasEnded(row, now)) return 'refresh-revoked';
    const { audience, former } = this.#parties;
    const known = [...audience, ...former.audiences];
    return audienceOf(row).every((one) => known.includes(one)) ? { row, token } : 'refresh-wrong-audience';
  }

  /**
   * One use of a refresh token. The present one is rotated, unless it is younger than the grace; the one before it gets the
   * present one inside the grace. So parallel requests and a lost answer lead to one successor. Every other secret of the
   * family was used before, by somebody: the family ends. RFC 9700 §4.14.2.
   */
  async refresh(text: string, now: number): Promise<Refreshed | ReasonCode> {
    const found = await this.find(text, now);
    if (typeof found === 'string') return found;
    const { row, token } = found;
    // The server that rotated may be behind us by as much as one that signs access tokens may be ahead.
    const skew = this.#rotationGrace > 0 ? tolerance * 1_000 : 0;
    const proof = await refreshSecrets.verify(token.secret, row, now - skew);
    if (proof === undefined) return this.#replayed(row, now);
    const young = now < (row.prevUntil ?? 0);
    if (proof.successor !== undefined || young) {
      return this.#given('refresh-repeated', row, { ...token, secret: proof.successor ?? token.secret });
    }

    const rotation = await refreshSecrets.prepareRotation(token.secret, row, now + this.#rotationGrace);
    const result = await this.#store.patch(row.selector, { gen: row.gen, now, verifier: rotation.swap });
    if (!('ok' in result)) return refusalOf(result);
    const secret = await refreshSecrets.currentVerifier(token.secret, rotation, result.ok);
    // The row has moved on further than one step: what came is judged again, by the row as it is now.
    if (secret === undefined) return this.refresh(text, now);
    const type = secret === rotation.verifier ? 'refreshed' : 'refresh-repeated';
    return this.#given(type, row, { ...token, secret });
  }

  /** Whom new access tokens of a family are for: of its own audience what is still ours, or else ours. */
  audienceOf(row: FamilyRow): readonly string[] {
    const { audience } = this.#parties;
    const own = audienceOf(row).filter((one) => audience.includes(one));
    return own.length > 0 ? own : audience;
  }

  /** The family that a refresh token really comes from, by name. */
  async named(text: string, now: number): Promise<string | undefined> {
    const found = await this.find(text, now);
    return typeof found === 'string' ? undefined : found.row.selector;
  }

  /** The live families of a user, the last used first. */
  async list(user: string, now: number): Promise<TokenFamily[]> {
    const families = (await this.#store.listByUser(user, { now })).filter(
      (row) => asFamily(row) !== undefined,
    );
    return (await this.#everything.living(families, now))
      .sort((one, other) => other.seenAt - one.seenAt)
      .map(({ selector, createdAt, seenAt, absoluteAt }) => ({
        family: selector,
        createdAt,
        seenAt,
        expiresAt: absoluteAt,
      }));
  }

  /** The epoch in which a family began. */
  epochOf(row: FamilyRow): number {
    return this.#everything.of(row);
  }

  async #isOfIssuer(row: FamilyRow, { familyKey }: RefreshToken): Promise<boolean> {
    for (const issuer of [this.#parties.issuer, ...this.#parties.former.issuers]) {
      const hash = JSON.stringify(await hashFamilyKey(issuer, familyKey));
      if (equal(hash, familyKeyHashOf(row))) return true;
    }
    return false;
  }

  #given(type: 'refreshed' | 'refresh-repeated', row: FamilyRow, token: RefreshToken): Refreshed {
    this.#report({ type, user: row.userId }, row.selector);
    return { row, refresh: formatRefresh(token) };
  }

  async #replayed(row: FamilyRow, now: number): Promise<ReasonCode> {
    await this.#end(row, now);
    this.#report({ type: 'refresh-replayed', user: row.userId }, row.selector);
    return 'refresh-replayed';
  }
}

/** Why a patch that was to rotate a refresh token wrote nothing. */
function refusalOf(result: Exclude<PatchResult, { ok: unknown }>): ReasonCode {
  if (!('gone' in result)) return 'refresh-unknown';
  return result.gone === 'expired' || result.gone === 'revoked'
    ? `refresh-${result.gone}`
    : 'refresh-unknown';
}
