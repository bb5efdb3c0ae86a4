import {
  expectTarget,
  headerOf,
  isRequestSource,
  type RequestSource,
  type ResponseTarget,
} from '../cookie/request-source.ts';
import { withSetCookie } from '../cookie/set-lines.ts';
import { refuseDetached } from '../errors/detached.ts';
import { checkForm, expectType, textOf } from '../errors/misuse.ts';
import { type ReasonCode, reason } from '../scope/verdict.ts';
import { defaultSweepLimit } from '../store/time-limit.ts';
import { checkedSignIn, checkedUser } from '../store/user-id.ts';
import type { AccessFacts } from './access-facts.ts';
import { claimsText, signAccess, verifyAccess } from './access-token.ts';
import { bearerOf } from './bearer.ts';
import { Families, type NewFamily, type Refreshed } from './families.ts';
import { claimsOf, type FamilyRow } from './family-row.ts';
import type { TokenOptions } from './options.ts';
import { refuse } from './refusal.ts';
import { Revocation } from './revocation.ts';
import { type Settings, settingsOf } from './settings.ts';
import type { CookieKind } from './token-cookies.ts';
import type {
  Authenticated,
  PublishedKey,
  RevokeTarget,
  TokenFamily,
  TokenPair,
  Tokens,
  Unauthenticated,
} from './types.ts';

/**
 * Access tokens that say who somebody is, and refresh tokens that a store can end. An access token is a signed JWT of a few
 * minutes; a refresh token is good for one use, and its family lives until its absolute deadline, a replay or a revocation.
 * Whatever comes as a token is an answer, never an error.
 * @throws TypeError for an option that cannot be meant; the sentence says the fix.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing } from 'hallpass/seal';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { createTokens } from 'hallpass/tokens';
 *
 * const url = 'https://app.test';
 * const tokens = createTokens({ keys: keyRing(generateKey()), issuer: url, audience: url, store: memoryStore() });
 *
 * const answer = await tokens.issue('ada', Response.json({ ok: true }));
 * const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
 * const visitor = await tokens.authenticate(new Request(url, { headers: { cookie } }));
 * if (visitor.allowed) console.log(visitor.user); // → ada
 * ```
 */
export function createTokens<Claims extends object = Record<string, unknown>>(
  options: TokenOptions,
): Tokens<Claims> {
  return new TokenIssuer<Claims>(settingsOf(options ?? {}));
}

/** What names what `revoke` ends, beside a request. Which users there are is checked where they are used. */
const targets = {
  user: { user: 'any' },
  family: { family: 'string', of: 'any' },
  jti: { jti: 'string' },
  refresh: { refresh: 'string' },
} as const;

/** A family, and an access token of it. */
type Signed = Refreshed & { readonly facts: AccessFacts & { readonly access: string } };

class TokenIssuer<Claims extends object> implements Tokens<Claims> {
  readonly #settings: Settings;
  readonly #families: Families;
  readonly #revocation: Revocation;

  constructor(settings: Settings) {
    const { store, report, refresh: life, rotationGrace, rules, former, everything } = settings;
    const { issuer, audience } = rules;
    const parties = { issuer, audience: [audience].flat(), former };
    this.#settings = settings;
    this.#revocation = new Revocation(settings);
    const end = (row: FamilyRow, now: number) => this.#revocation.endRow(row, now);
    this.#families = new Families(store, { life, rotationGrace, parties, everything, report, end });
  }

  static {
    refuseDetached(TokenIssuer, (object) => #families in object, 'tokens');
  }

  async issue<T extends ResponseTarget>(userId: string, to: T, claims?: Claims): Promise<T> {
    expectTarget(to);
    const now = this.#now();
    const signed = await this.#prepare('issue', userId, claims, now);
    // Before anything is stored: what no browser would keep is an error of the programmer.
    const lines = this.#lines(signed, now);
    await this.#keep(signed, now);
    return withSetCookie(to, lines);
  }

  async issueBearer(userId: string, claims?: Claims): Promise<TokenPair> {
    const now = this.#now();
    const signed = await this.#prepare('issueBearer', userId, claims, now);
    await this.#keep(signed, now);
    return pairOf(signed, now);
  }

  async authenticate(from: RequestSource): Promise<Authenticated<Claims> | Unauthenticated> {
    const { rules, report } = this.#settings;
    const text = this.#accessOf(from);
    if (text === undefined) return refuse(reason('token-missing'));
    const now = this.#now();
    const facts = await verifyAccess(rules, text, now);
    if ('code' in facts) {
      report({ type: 'refused', reason: facts.code });
      return refuse(facts);
    }
    if (await this.#revocation.has(facts, now)) {
      report({ type: 'revoked-token', user: facts.user }, facts.family);
      return refuse(reason('token-revoked'));
    }
    return visitor(facts);
  }

  async refresh<T extends ResponseTarget>(
    from: RequestSource,
    to: T,
  ): Promise<(Authenticated<Claims> & { readonly to: T }) | Unauthenticated> {
    expectTarget(to);
    const text = this.#cookie('refresh', from);
    if (text === undefined) return refuse(reason('refresh-missing'));
    const now = this.#now();
    const signed = await this.#refreshed(text, now);
    if (typeof signed === 'string') return refuse(reason(signed));
    return { ...visitor<Claims>(signed.facts), to: withSetCookie(to, this.#lines(signed, now)) };
  }

  async refreshBearer(refresh: string): Promise<(Authenticated<Claims> & TokenPair) | Unauthenticated> {
    const now = this.#now();
    const signed = await this.#refreshed(textOf(refresh, 'The token of tokens.refreshBearer(refresh)'), now);
    if (typeof signed === 'string') return refuse(reason(signed));
    return { ...visitor<Claims>(signed.facts), ...pairOf(signed, now) };
  }

  async revoke(target: RevokeTarget, to?: ResponseTarget): Promise<number> {
    if (to !== undefined) expectTarget(to);
    const count = await this.#end(target, this.#now());
    if (to !== undefined && withSetCookie(to, this.#settings.cookies.erase()) !== to) {
      throw new TypeError('The headers of this Response are immutable: give revoke Headers, and send those.');
    }
    return count;
  }

  revokeEverything(): Promise<void> {
    return this.#revocation.endEverything(this.#now());
  }

  async list(userId: string): Promise<TokenFamily[]> {
    return this.#families.list(checkedUser(userId, 'list'), this.#now());
  }

  sweep(limit: number = defaultSweepLimit): Promise<number> {
    return this.#settings.store.sweep(limit, { now: this.#now() });
  }

  async jwks(): Promise<{ keys: PublishedKey[] }> {
    return { keys: await this.#settings.rules.keys.published() };
  }

  #now(): number {
    return Math.trunc(this.#settings.clock.now());
  }

  /** The Authorization header decides alone where it has a Bearer token; the cookie counts without it. */
  #accessOf(from: RequestSource): string | undefined {
    return bearerOf(from) ?? this.#cookie('access', from);
  }

  #cookie(kind: CookieKind, from: RequestSource): string | undefined {
    const { cookies, report } = this.#settings;
    const { value, name, count } = cookies.read(kind, headerOf(from, 'cookie'));
    if (count > 1) report({ type: 'duplicate-cookie', of: kind, name, count });
    return value;
  }

  async #prepare(
    caller: 'issue' | 'issueBearer',
    userId: string,
    claims: Claims | undefined,
    now: number,
  ): Promise<Signed> {
    const user = checkedSignIn(userId, caller);
    return this.#sign(await this.#families.prepare(user, claimsText(claims ?? {}), now), now);
  }

  async #keep(family: NewFamily, now: number): Promise<void> {
    await this.#families.create(family, now);
    this.#settings.report({ type: 'issued', user: family.row.userId }, family.row.selector);
  }

  async #refreshed(text: string, now: number): Promise<Signed | ReasonCode> {
    const refreshed = await this.#families.refresh(text, now);
    if (typeof refreshed !== 'string') return this.#sign(refreshed, now);
    // A replay has told of itself, with its family.
    if (refreshed !== 'refresh-replayed') {
      this.#settings.report({ type: 'refresh-refused', reason: refreshed });
    }
    return refreshed;
  }

  async #sign({ row, refresh }: Refreshed, now: number): Promise<Signed> {
    const { userId: user, selector: family, absoluteAt: endsAt } = row;
    const audience = this.#families.audienceOf(row);
    const epoch = this.#families.epochOf(row);
    const whom = { user, family, epoch, claims: claimsOf(row), audience, endsAt };
    return { row, refresh, facts: await signAccess(this.#settings.rules, whom, now) };
  }

  #lines({ facts, refresh, row }: Signed, now: number): string[] {
    const life = {
      access: secondsUntil(facts.expiresAt, now),
      // No longer than the whole of it, where the server that signed in was ahead of us.
      refresh: secondsUntil(row.absoluteAt, Math.max(now, row.createdAt)),
    };
    return this.#settings.cookies.write({ access: facts.access, refresh }, life);
  }

  async #end(target: RevokeTarget, now: number): Promise<number> {
    expectType(target, 'object', 'What tokens.revoke ends, a request or as { user },');
    if (isRequestSource(target)) return this.#endPresented(target, now);
    checkForm(target, targets, 'tokens.revoke');
    if ('user' in target) return this.#revocation.endUser(target.user, now);
    if ('family' in target) {
      // A handler that knows no user has not left `of` out: it must not end anybody's.
      const of = 'of' in target ? checkedUser(target.of, 'revoke') : undefined;
      return this.#revocation.endFamily(target.family, of, now);
    }
    if ('jti' in target) return this.#revocation.endToken(target.jti, now);
    const family = await this.#families.named(target.refresh, now);
    return family === undefined ? 0 : this.#revocation.endFamily(family, undefined, now);
  }

  /** Ends the families that a request proves to belong to: by a genuine access token, and by a refresh token. */
  async #endPresented(from: RequestSource, now: number): Promise<number> {
    const families = new Set<string>();
    const access = this.#accessOf(from);
    const facts = access === undefined ? undefined : await verifyAccess(this.#settings.rules, access, now);
    if (facts !== undefined && 'family' in facts) families.add(facts.family);
    const refresh = this.#cookie('refresh', from);
    const named = refresh === undefined ? undefined : await this.#families.named(refresh, now);
    if (named !== undefined) families.add(named);
    let count = 0;
    for (const family of families) count += await this.#revocation.endFamily(family, undefined, now);
    return count;
  }
}

function pairOf({ facts, refresh }: Signed, now: number): TokenPair {
  return { access: facts.access, refresh, expiresIn: secondsUntil(facts.expiresAt, now) };
}

const secondsUntil = (instant: number, now: number) => Math.ceil((instant - now) / 1_000);

function visitor<Claims>(facts: AccessFacts): Authenticated<Claims> {
  const { user, claims, jti, family, expiresAt } = facts;
  return { allowed: true, user, claims: claims as Claims, jti, family, expiresAt };
}
