import { checkOptions, FactNames, oneOf, type Shape } from '../errors/misuse.ts';
import { type AllowedOrigin, type AllowedOrigins, allowedOrigins, isPlainOrigin } from './allowed-origins.ts';
import { isSafeMethod } from './http-semantics.ts';
import { shownOrigin } from './origin.ts';
import { allowed, refused, type Verdict } from './verdict.ts';

/** What `honor` is told about an incoming request: what it says about where it comes from. */
export interface IncomingFacts {
  readonly method: string;
  /** True when the request asks for another protocol, as a WebSocket handshake does; such a GET changes state. */
  readonly upgrade?: boolean;
  readonly origin?: string | null;
  /** `Sec-Fetch-Site` as it came; a repeated header comes joined by commas. */
  readonly secFetchSite?: string | null;
  /** True when the request came over TLS: an origin of plain http never counts for it. Default: false. */
  readonly secure?: boolean;
  readonly hasCookie: boolean;
  /** The scheme of the Authorization header. */
  readonly authScheme?: string | null;
  /** True when a valid CSRF token came with the request. */
  readonly token?: boolean;
}

/** Whom a server lets spend its visitors' cookies. */
export interface HonorPolicy {
  /** The configured public origins of this server: never derived from a request. */
  readonly origins: readonly AllowedOrigin[];
  /** Other origins that may make state-changing requests. Default: none. */
  readonly trust?: readonly AllowedOrigin[];
  /** For clients that send neither Sec-Fetch-Site nor Origin, so no browsers of today: `'allow'`, or ask for a `'token'`. Default: `'allow'`. */
  readonly bare?: 'allow' | 'token';
  /** Which methods are judged: `'unsafe'`, or `'all'`, where what is read matters too. Default: `'unsafe'`. */
  readonly methods?: 'unsafe' | 'all';
}

const policyShape: Shape<HonorPolicy> = {
  origins: 'array',
  trust: 'array',
  bare: oneOf(['allow', 'token']),
  methods: oneOf(['unsafe', 'all']),
};

const explicitSchemes = new Set(['bearer', 'dpop']);

/** True for what may change state: every method but the safe ones, and every protocol upgrade. RFC 9110 §9.2.1. */
export function changesState(incoming: Pick<IncomingFacts, 'method' | 'upgrade'>): boolean {
  return incoming.upgrade === true || !isSafeMethod(incoming.method);
}

/**
 * May this incoming request spend an ambient secret, that is a cookie that a browser attached by itself? Pure.
 * @throws TypeError for an origin in the policy that could never match
 *
 * @example
 * ```ts
 * import { honor } from 'hallpass';
 *
 * const incoming = { method: 'POST', hasCookie: true, secFetchSite: 'cross-site', origin: 'https://evil.example' };
 * const verdict = honor(incoming, { origins: ['https://shop.example.com'] });
 * console.log(verdict.allowed, verdict.reasons[0]?.code); // → false csrf-cross-site
 * ```
 */
export function honor(incoming: IncomingFacts, policy: HonorPolicy): Verdict {
  incomingNames.check(incoming, 'The request of honor(incoming, policy)');
  return judgeIncoming(incoming, readPolicy(policy));
}

/** As {@link honor}, for facts that were checked before. */
export function judgeIncoming(incoming: IncomingFacts, policy: ReadPolicy): Verdict {
  if (policy.methods !== 'all' && !changesState(incoming)) return allowed;
  if (!incoming.hasCookie && explicitSchemes.has(incoming.authScheme?.toLowerCase() ?? '')) return allowed;

  const site = incoming.secFetchSite ?? undefined;
  if (site === 'same-origin' || site === 'none') return allowed;
  const origin = incoming.origin ?? undefined;
  const { origins, trust } = policy;
  if (origin !== undefined && (origins.includes(origin) || trust.includes(origin))) {
    const isOverheard = incoming.secure === true && isPlainOrigin(origin);
    return isOverheard ? refused('csrf-plain-origin', { origin: shownOrigin(origin) }) : allowed;
  }
  if (site === 'same-site' || site === 'cross-site') {
    return refused('csrf-cross-site', { site, origin: shownOrigin(origin) });
  }
  if (site !== undefined) return refused('csrf-repeated');

  if (origin === 'null') return incoming.token === true ? allowed : refused('csrf-opaque-origin');
  if (origin !== undefined) {
    const code = origins.isEmpty ? 'csrf-origins-unset' : 'csrf-foreign-origin';
    return refused(code, { origin: shownOrigin(origin) });
  }
  return policy.bare !== 'token' || incoming.token === true ? allowed : refused('csrf-token-missing');
}

const incomingNames = FactNames.of<IncomingFacts>({
  method: true,
  upgrade: true,
  origin: true,
  secFetchSite: true,
  secure: true,
  hasCookie: true,
  authScheme: true,
  token: true,
});

/** A policy whose lists of origins are read. */
interface ReadPolicy extends Pick<HonorPolicy, 'bare' | 'methods'> {
  readonly origins: AllowedOrigins;
  readonly trust: AllowedOrigins;
}

/** A policy stays the same for many requests. */
const known = new WeakMap<HonorPolicy, ReadPolicy>();
/** The policy asked about last: to look it up takes longer than to judge by it. Bench row: honor. */
let last: { readonly policy: HonorPolicy; readonly read: ReadPolicy } | undefined;

/** @throws TypeError for an origin that could never match */
export function readPolicy(policy: HonorPolicy): ReadPolicy {
  if (last !== undefined && last.policy === policy) return last.read;
  let read = known.get(policy);
  if (read === undefined) {
    read = readNew(policy);
    known.set(policy, read);
  }
  last = { policy, read };
  return read;
}

function readNew(policy: HonorPolicy): ReadPolicy {
  checkOptions(policy, policyShape, 'honor');
  const { bare, methods, trust = [] } = policy;
  const origins = allowedOrigins(policy.origins ?? [], 'origins');
  return { bare, methods, origins, trust: allowedOrigins(trust, 'trust') };
}
