import { checkOptions, expectType, having, type Shape } from '../errors/misuse.ts';
import { maxCookieLifetime, scopeOf } from '../scope/admit.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { rulesOf } from '../scope/engines.ts';
import {
  finding,
  findingOf,
  type LintCode,
  type LintFinding,
  type LintLevel,
} from '../scope/lint-finding.ts';
import { fromOctets, toOctets } from '../scope/octets.ts';
import { isLoopback } from '../scope/origin.ts';
import { storedFrom } from '../scope/stored-cookie.ts';
import { type ReasonCode, reason } from '../scope/verdict.ts';
import { systemClock } from '../time.ts';
import { secondsOf } from './attributes.ts';
import {
  type JourneyName,
  type JourneyOptions,
  journeyShape,
  journeys,
  siteHost,
  timeOf,
  urlOf,
} from './journeys.ts';
import { lintLine } from './lint-line.ts';
import { hostPrefixed, lintName, looksSensitive } from './lint-name.ts';
import { parseSetCookieOctets, whyIgnored } from './set-cookie.ts';
import type { CookieDefinition } from './types.ts';

/** Where a Set-Cookie line comes from, as far as it is known. */
export interface LintContext extends JourneyOptions {
  /** The headers of the answer: a cookie in one that a shared cache may keep is reported. */
  readonly headers?: Pick<Headers, 'get'>;
}

const lintShape: Shape<LintContext> = {
  ...journeyShape,
  headers: having('the headers of the answer', 'get'),
};

/**
 * What user agents make of a line that its author may not have meant: `admit` and `release` asked over the journeys of
 * {@link journeys}, and the lint rules of the text. The worst come first. No finding repeats the value.
 *
 * @example
 * ```ts
 * import { lintSetCookie } from 'hallpass';
 *
 * const [worst] = lintSetCookie('theme=dark; Path=/; SameSite=None');
 * console.log(worst?.level, worst?.code); // → error none-without-secure
 * ```
 */
export function lintSetCookie(line: string, context: LintContext = {}): LintFinding[] {
  expectType(line, 'string', 'The line of lintSetCookie(line, context)');
  checkOptions(context, lintShape, 'lintSetCookie');
  const octets = toOctets(line);
  const cookie = parseSetCookieOctets(octets, context.engine);
  if (cookie === undefined)
    return whyIgnored(octets, context.engine).reasons.map((reason) => findingOf(reason, 'error'));
  const name = fromOctets(cookie.name);
  return byLevel([...lintCookie({ ...cookie, name }, context), ...lintLine(octets, shownName(name))]);
}

/**
 * As {@link lintSetCookie}, for a defined cookie. Its life is judged as defined, not as one emission has it. A function of its own,
 * so that whoever defines cookies does not carry the lint along.
 *
 * @example
 * ```ts
 * import { defineCookie, lintDefinition } from 'hallpass';
 *
 * const everywhere = defineCookie('theme', { domain: 'example.com' });
 * console.log(lintDefinition(everywhere)[0]?.code); // → domain-widens
 * ```
 */
export function lintDefinition(definition: Lintable, context: LintContext = {}): LintFinding[] {
  checkOptions(context, lintShape, 'lintDefinition');
  expectType(
    definition?.attributes,
    'object',
    'What a definition of lintDefinition(definition, context) has as attributes',
  );
  const { name, attributes, sensitive } = definition;
  const { maxAge, ...scope } = attributes;
  const cookie = { ...scope, name, value: '', maxAge: secondsOf(maxAge) };
  return lintCookie(cookie, context, sensitive || undefined);
}

type Lintable = Pick<CookieDefinition<unknown, unknown>, 'name' | 'attributes' | 'sensitive'>;

/** As {@link lintSetCookie}, for a cookie that is data. @param sensitive Default: what its name sounds like. */
function lintCookie(
  cookie: SetCookie,
  context: LintContext = {},
  sensitive: boolean = looksSensitive(cookie.name),
): LintFinding[] {
  const { headers, ...where } = context;
  const walked = new Map(journeys(cookie, where).map((one) => [one.journey, one]));
  const first = walked.get('first-visit')!;
  const findings = [
    ...lintName(cookie.name, rulesOf(context.engine)),
    ...first.stored.reasons.map((reason) => findingOf(reason, 'error', fixes[reason.code])),
    ...first.stored.warnings.map((reason) => findingOf(reason, 'warning', fixes[reason.code])),
  ];
  if (context.time === undefined && isOverlong(cookie)) {
    const reasonOf = reason('lifetime-capped', { name: shownName(cookie.name) });
    findings.push(findingOf(reasonOf, 'warning', fixes['lifetime-capped']));
  }
  if (!first.sent.allowed) return byLevel(findings);

  const name = shownName(cookie.name);
  const report = (code: LintCode, facts: Record<string, string | number> = {}) => {
    findings.push(finding(code, { name, ...facts }));
  };
  const stored = (journey: JourneyName) => walked.get(journey)?.stored.allowed !== false;
  const sent = (journey: JourneyName) => walked.get(journey)?.sent.allowed === true;
  const url = urlOf(cookie, context);
  const { domain, path } = scopeOf(cookie, url, context.suffixes);
  const local = isLoopback(url.hostname);

  if (cookie.sameSite === undefined) report('same-site-unsaid');
  if (cookie.path === undefined && path !== '/') report('path-unsaid', { path });
  if (sent('subdomain')) report('domain-widens', { host: url.hostname, domain });
  if (sent('http-downgrade') && !local) report('travels-in-clear');
  if (sent('cross-site-iframe') && cookie.partitioned !== true) report('third-party-blocked');
  if (local && url.protocol === 'http:' && !stored('safari-localhost')) report('safari-drops');
  if (sensitive) {
    if (sent('page-script')) report('script-readable');
    if (sent('sibling-plants')) {
      const site = siteHost(url, context.suffixes)!;
      report('sibling-can-plant', { domain: site, better: hostPrefixed(cookie.name) });
    }
    const hours = hoursOf(cookie, url, context);
    if (hours > longestSensitive) report('long-lived-secret', { hours });
  }
  if (headers !== undefined && !staysPrivate(headers)) report('response-cacheable');
  return byLevel(findings);
}

/** True for an Expires over 400 days from now, where nobody says when the line came. */
const isOverlong = ({ maxAge, expires }: SetCookie) =>
  maxAge === undefined && expires !== undefined && expires.getTime() - systemClock.now() > maxCookieLifetime;

/** Hours that a sensitive cookie may live without a remark. */
const longestSensitive = 24;

/** How long it lives; 0 when it ends with the browser's session. */
function hoursOf(cookie: SetCookie, url: URL, context: LintContext): number {
  const time = timeOf(cookie, context);
  const { expires } = storedFrom(cookie, { url, method: 'GET', initiator: 'program', time });
  return Number.isFinite(expires) ? Math.floor((expires - time) / 3_600_000) : 0;
}

/** RFC 9111 §5.2.2: what keeps an answer out of shared caches. */
function staysPrivate(headers: Pick<Headers, 'get'>): boolean {
  return /(?:^|[\s,])(?:no-store|private)(?:$|[\s,])/i.test(headers.get('cache-control') ?? '');
}

/** A name as sentences say it. */
export const shownName = (name: string): string => (name === '' ? 'the nameless cookie' : name);

const levels: readonly LintLevel[] = ['error', 'warning', 'note'];

const byLevel = (findings: LintFinding[]) =>
  findings.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));

/** What to do where the sentence of a reason does not say it. */
const fixes: Partial<Record<ReasonCode, string>> = {
  'domain-not-ascii': 'Write the host name as new URL(…).hostname gives it.',
  'domain-public-suffix': 'Leave Domain out, or name your own domain.',
  'domain-foreign': 'Leave Domain out: the cookie is then for the answering host.',
  'secure-from-insecure': 'Answer over https; behind a proxy, make it send the cookie over its TLS side.',
  'nameless-prefix': 'Write name=value.',
  'prefix-secure': 'Add Secure.',
  'prefix-host': 'Add Secure and Path=/, and remove Domain.',
  'prefix-http': 'Add Secure and HttpOnly.',
  'prefix-host-http': 'Add Secure, HttpOnly and Path=/, and remove Domain.',
  'none-without-secure': 'Add Secure.',
  'partitioned-without-secure': 'Add Secure.',
  'lifetime-capped': 'Write 400 days (Max-Age=34560000) or less.',
};
