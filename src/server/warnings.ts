import { lintDefinition, lintSetCookie } from '../cookie/lint.ts';
import type { CookieDefinition } from '../cookie/types.ts';
import { isDevelopment } from '../errors/development.ts';
import { notify } from '../errors.ts';
import type { AllowedOrigin } from '../scope/allowed-origins.ts';
import {
  finding,
  findingOf,
  type LintCode,
  type LintFinding,
  type LintFindingCode,
} from '../scope/lint-finding.ts';
import { isLoopback } from '../scope/origin.ts';
import { siteOf } from '../scope/site.ts';
import type { Reason } from '../scope/verdict.ts';
import { type Exchange, pathOf } from './exchange.ts';
import type { ServerOptions } from './options.ts';

/** Told of what will not work as configured, and of cookies that browsers drop. */
type Warn = (warning: LintFinding) => void;

type Options = Pick<ServerOptions<object, never>, 'origins' | 'cors'>;
type Defined = Pick<CookieDefinition<unknown, unknown>, 'name' | 'attributes'>;
type Lintable = Defined & Pick<CookieDefinition<unknown, unknown>, 'sensitive'>;

/** Where warnings go; `undefined` = nowhere. */
export function warnerOf(onWarning: false | Warn | undefined): Warn | undefined {
  if (onWarning === false || (onWarning === undefined && !isDevelopment())) return undefined;
  const listener = onWarning ?? toConsole;
  return (warning) => void notify(() => listener(warning));
}

/** Some sentences end with what is to be done: it is not said twice. */
const withFix = (sentence: string, fix = '') =>
  sentence.toLowerCase().endsWith(fix.toLowerCase()) ? sentence : `${sentence} ${fix}`;

const toConsole: Warn = ({ code, sentence, fix }) =>
  console.warn(`hallpass: ${withFix(sentence, fix)} (npx hallpass why ${code})`);

/** Warns, at start, of a session that browsers will not keep. */
export function warnOfPolicy(cookie: Defined | undefined, options: Options, warn: Warn): void {
  if (cookie === undefined) return;
  const { cors } = options;
  const origins = writtenOut(options.origins);
  const { name } = cookie;
  const { secure, sameSite = 'lax' } = cookie.attributes;
  const written = { strict: 'Strict', lax: 'Lax', none: 'None' }[sameSite];
  for (const origin of origins) {
    const { protocol, hostname } = new URL(origin);
    const plain = protocol === 'http:' && !isLoopback(hostname);
    if (secure && plain) warn(finding('secure-on-http', { name, origin }));
  }
  if (cors?.credentials !== true || sameSite === 'none' || origins.length === 0) return;
  const sites = new Set(origins.map((origin) => siteOf(new URL(origin))));
  for (const origin of writtenOut(cors.origins)) {
    if (sites.has(siteOf(new URL(origin)))) continue;
    warn(finding('cors-without-cookie', { name, origin, sameSite: written }));
  }
}

/** Neither patterns nor functions: of a single origin it is known whether the cookie gets there. */
const writtenOut = (origins: readonly AllowedOrigin[] = []): string[] =>
  origins.filter((origin) => typeof origin === 'string').filter((origin) => !origin.includes('*'));

/** Beside errors, for which a browser drops the cookie. */
const worthTelling = new Set<LintFindingCode>(['safari-drops', 'long-lived-secret']);

/** Names of cookies may be without end. */
const mostWarnings = 1_000;

/** The Set-Cookie lines of an answer, and which of them carry a session or tokens of ours. */
interface AnswerLines {
  readonly all: readonly string[];
  readonly own: readonly string[];
}

/** Told of what an answer sets: its Set-Cookie lines, and the definitions of those that are said to be sensitive. */
export type CookieWatch = (lines: AnswerLines, sensitive: readonly Lintable[], exchange: Exchange) => void;

/** Looks at the cookies of every answer; each cookie and flaw is told once. */
export function cookieWatch(origins: readonly string[], warn: Warn): CookieWatch {
  const known = new Set<string>();
  const warnOnce = (name: string, findings: readonly LintFinding[]) => {
    for (const found of findings) {
      const key = `${found.code} ${name}`;
      if (found.level !== 'error' && !worthTelling.has(found.code)) continue;
      if (known.has(key) || known.size === mostWarnings) continue;
      known.add(key);
      warn(found);
    }
  };
  return ({ all, own }, sensitive, exchange) => {
    if (all.length === 0) return;
    const url = publicUrl(exchange, origins);
    for (const line of all) {
      const found = lintSetCookie(line, { url });
      // How long ours live is our own default, or was chosen; and the server ends them.
      const reported = own.includes(line) ? found.filter(({ code }) => code !== 'long-lived-secret') : found;
      warnOnce(line.split('=', 1)[0] ?? '', reported);
    }
    for (const definition of sensitive) warnOnce(definition.name, lintDefinition(definition, { url }));
  };
}

/** Where the browser believes it is: behind a proxy that ends TLS, only the configured origins tell. */
function publicUrl(exchange: Exchange, origins: readonly string[]): URL | undefined {
  const asked = URL.parse(exchange.url);
  const host = asked?.host ?? exchange.header('host');
  const origin = origins.find((one) => new URL(one).host === host) ?? asked?.origin ?? origins[0];
  return URL.parse(`${origin}${pathOf(exchange.url)}`) ?? undefined;
}

/** Once: an answer of 500 or above that was meant is rare, and then the handler says so. */
export function droppedWritesWarner(warn: Warn): (status: number | undefined) => void {
  let hasWarned = false;
  return (status) => {
    if (hasWarned || status === undefined || status < 500) return;
    hasWarned = true;
    warn(finding('writes-dropped', { status: String(status) }));
  };
}

/** Once: where the pipeline is mounted is the same for every request. */
export function lateMountWarner(warn: Warn): () => void {
  let hasWarned = false;
  return () => {
    if (hasWarned) return;
    hasWarned = true;
    warn(finding('mounted-late', {}));
  };
}

/** Warns once for each path. */
type WarnOfPath = (exchange: Exchange) => void;

export const sharedAnswerWarner = (warn: Warn): WarnOfPath => pathWarner('answer-made-private', warn);
export const crossSiteWriteWarner = (warn: Warn): WarnOfPath => pathWarner('cross-site-write', warn);

/** Once for each path, as far as there are few of them. */
function pathWarner(code: LintCode, warn: Warn): WarnOfPath {
  const known = new Set<string>();
  return ({ url }) => {
    const path = pathOf(url);
    if (known.has(path) || known.size === mostWarnings) return;
    known.add(path);
    warn(finding(code, { path }));
  };
}

/** Once for each reason: whose pages they are is in its sentence. */
export function csrfWarner(warn: Warn): (against: readonly Reason[]) => void {
  const known = new Set<string>();
  return (against) => {
    for (const reason of against) {
      if (known.has(reason.sentence) || known.size === mostWarnings) continue;
      known.add(reason.sentence);
      warn(findingOf(reason, 'warning'));
    }
  };
}

/** Once for each thing that is not listed. */
export function preflightWarner(warn: Warn): (exchange: Exchange, against: readonly Reason[]) => void {
  const known = new Set<string>();
  return ({ url }, against) => {
    for (const { sentence } of against) {
      if (known.has(sentence) || known.size === mostWarnings) continue;
      known.add(sentence);
      warn(finding('preflight-refused', { path: pathOf(url), why: sentence }));
    }
  };
}

/** Once a cookie: whoever has not agreed to its purpose comes again and again. */
export function consentWarner(warn: Warn): (name: string, purpose: string) => void {
  const known = new Set<string>();
  return (name, purpose) => {
    if (known.has(name) || known.size === mostWarnings) return;
    known.add(name);
    warn(finding('not-consented', { name, purpose }));
  };
}
