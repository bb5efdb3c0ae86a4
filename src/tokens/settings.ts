import { aStore } from '../errors/kinds.ts';
import { checkOptions } from '../errors/misuse.ts';
import { expectCookieLifetime } from '../scope/admit.ts';
import type { RevocationList } from '../store/contract.ts';
import { Everything } from '../store/everything.ts';
import { type Report, reporter } from '../store/report.ts';
import {
  type StoreOperation,
  type Timed,
  type TimedStore,
  type TimeLimit,
  timedStore,
  withTimeLimit,
} from '../store/time-limit.ts';
import {
  type Clock,
  clockOf,
  type Duration,
  lifetimeToMilliseconds,
  timeoutToMilliseconds,
} from '../time.ts';
import type { AccessRules } from './access-token.ts';
import type { TokenHappening } from './events.ts';
import type { TokenParties } from './families.ts';
import { tokenKeys } from './keys.ts';
import { type TokenOptions, tokenShape } from './options.ts';
import { type TokenCookies, tokenCookies } from './token-cookies.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** The options of {@link createTokens}, checked and ready for use. */
export interface Settings {
  readonly clock: Clock;
  readonly rules: AccessRules;
  /** What refresh tokens may still be bound to. */
  readonly former: TokenParties['former'];
  readonly cookies: TokenCookies;
  readonly store: TimedStore;
  /** All families of the issuer, which can be ended at once. */
  readonly everything: Everything;
  readonly revocations: Timed<RevocationList> | undefined;
  readonly report: Report<TokenHappening>;
  /** Milliseconds that a family lives. */
  readonly refresh: number;
  /** Milliseconds. */
  readonly rotationGrace: number;
}

/** @throws TypeError for an option that cannot be meant; the sentence says the fix. */
export function settingsOf(options: TokenOptions): Settings {
  checkOptions(options, tokenShape, 'createTokens');
  const { issuer, audience, former = {}, store, revocations } = options;
  if (store === undefined) {
    throw new TypeError('createTokens needs a store for refresh tokens, for example sqliteStore(path).');
  }
  aStore(store, 'createTokens', 'store');
  const clock = clockOf(options.clock);
  const { access, refresh, rotationGrace } = lifetimesOf(options);
  const report = reporter<TokenHappening, 'family'>(options.onEvent?.bind(options), clock, 'family');
  const limited = withTimeLimit<StoreOperation>(
    timeoutToMilliseconds(options.storeTimeout ?? '2s'),
    clock,
    (operation, cause) => report({ type: 'store-failed', operation, cause }),
  );
  const timed = timedStore(store, limited);
  const formerIssuers = (former.issuers ?? []).map((one) => named(one, 'former.issuers'));
  const issuers = [named(issuer, 'issuer'), ...formerIssuers];
  return {
    clock,
    rules: {
      keys: tokenKeys(options.keys),
      issuer,
      audience: typeof audience === 'string' ? named(audience, 'audience') : namedAll(audience),
      life: access,
      verified: new VerifiedTokens(),
    },
    former: {
      issuers: formerIssuers,
      audiences: (former.audiences ?? []).map((one) => named(one, 'former.audiences')),
    },
    cookies: tokenCookies(options.cookie),
    store: timed,
    everything: new Everything(timed, issuers.map(allOf)),
    revocations: revocations && timedList(revocations, limited),
    report,
    refresh,
    rotationGrace,
  };
}

/** What the epoch of an issuer's families is of; no cookie has such a name. */
const allOf = (issuer: string) => `tokens of ${issuer}`;

function lifetimesOf({ access = '15m', refresh = '30d', rotationGrace = '30s' }: TokenOptions) {
  const seconds = Math.floor(lifetimeToMilliseconds(access) / 1_000);
  if (seconds < 1) throw new TypeError('access must be a second or longer.');
  const life = Math.round(lifetimeToMilliseconds(refresh));
  if (life <= seconds * 1_000) {
    throw new TypeError('refresh must be longer than access: it is how long a sign-in lives.');
  }
  expectCookieLifetime(life, 'refresh');
  return { access: seconds, refresh: life, rotationGrace: graceOf(rotationGrace, life) };
}

const longestGrace = 86_400_000;

function graceOf(grace: Duration, life: number): number {
  const ms = Math.round(timeoutToMilliseconds(grace));
  if (ms >= life) throw new TypeError('rotationGrace must be shorter than refresh.');
  if (ms > longestGrace)
    throw new TypeError('rotationGrace is over a day: what was replaced would be good for so long.');
  return ms;
}

function named(text: unknown, option: string): string {
  if (typeof text === 'string' && text !== '') return text;
  throw new TypeError(`createTokens needs ${option}, as 'https://app.example.com': every token says it.`);
}

function namedAll(list: readonly string[]): readonly string[] {
  if (!Array.isArray(list) || list.length === 0) return [named(undefined, 'audience')];
  return list.map((one) => named(one, 'audience'));
}

function timedList(list: RevocationList, limited: TimeLimit<StoreOperation>): Timed<RevocationList> {
  return {
    add: limited('revocations.add', (id, until) => list.add(id, until)),
    has: limited('revocations.has', (id, now) => list.has(id, now)),
  };
}
