import { HttpError } from '../errors.ts';
import { type AllowedOrigin, allowedOrigins } from '../scope/allowed-origins.ts';
import { changesState, type IncomingFacts, judgeIncoming, readPolicy } from '../scope/honor.ts';
import { isLoopback } from '../scope/origin.ts';
import type { Verdict } from '../scope/verdict.ts';
import { type CsrfTokens, prepareTokens } from './csrf-token.ts';
import type { Exchange } from './exchange.ts';
import { prepareExemptions } from './exempt-routes.ts';
import type { CsrfPolicy } from './options.ts';

/** A CSRF policy, checked and ready. */
export interface Csrf {
  readonly enforced: boolean;
  /** Where there are keys for them. */
  readonly tokens: CsrfTokens | undefined;
  /**
   * May this request spend the visitor's cookies? `undefined`: it changes nothing, or is exempt.
   * @param token true when a good CSRF token came with it
   */
  judge(exchange: Exchange, token: boolean): Verdict | undefined;
}

/** @throws TypeError for an origin or an exemption that could never match. */
export function prepareCsrf(
  policy: CsrfPolicy,
  trusted: readonly AllowedOrigin[],
  origins: readonly AllowedOrigin[],
): Csrf {
  allowedOrigins(policy.trust ?? [], 'csrf.trust');
  const honored = readPolicy({
    origins,
    trust: [...(policy.trust ?? trusted)],
    bare: policy.bare,
    methods: policy.methods,
  });
  const tokens = policy.keys === undefined ? undefined : prepareTokens(policy.keys, policy);
  if (policy.bare === 'token' && tokens === undefined) {
    throw new TypeError("csrf.bare: 'token' asks for tokens, which need keys: pass csrf.keys: keyRing(…).");
  }
  const isExempt = prepareExemptions(policy.exempt ?? []);

  return {
    enforced: policy.mode !== 'report',
    tokens,
    judge(exchange, token) {
      const { method } = exchange;
      const upgrade = exchange.header('upgrade') !== undefined;
      const isJudged = policy.methods === 'all' || changesState({ method, upgrade });
      if (!isJudged || isExempt(exchange)) return undefined;
      const incoming: IncomingFacts = {
        method,
        upgrade,
        origin: exchange.header('origin'),
        secFetchSite: exchange.header('sec-fetch-site'),
        secure: exchange.header('origin')?.startsWith('http:') === true && cameOverTls(exchange),
        hasCookie: (exchange.header('cookie') ?? '') !== '',
        authScheme: exchange.header('authorization')?.split(' ', 1)[0],
        token,
      };
      return judgeIncoming(incoming, honored);
    },
  };
}

/**
 * Browsers send Sec-Fetch-Site over TLS, and to the machine that they run on, and not otherwise: so it tells of a TLS that a
 * proxy has ended. Fetch Metadata §2.
 */
function cameOverTls(exchange: Exchange): boolean {
  if (exchange.secure) return true;
  if (exchange.header('sec-fetch-site') === undefined) return false;
  const asked =
    URL.parse(exchange.url) ??
    URL.parse(`http://${exchange.header(':authority') ?? exchange.header('host')}`);
  return asked !== null && !isLoopback(asked.hostname);
}

/** The answer to a request that may not spend the visitor's cookies. */
export function csrfError(verdict: Verdict): HttpError {
  return new HttpError('csrf-refused', 403, verdict.reasons.map((reason) => reason.sentence).join(' '));
}
