import { chromiumReasons } from '../../src/cli/doctor/chromium-reasons.ts';
import { parseSetCookie, type StoredCookie } from '../../src/index.ts';
import type { CookieReasons } from './engines/engine.ts';
import type { Replayed } from './replay.ts';
import { fill, hostsOf, unfill } from './sequence.ts';

/*
 * What Chromium has to say where we say something: not one of several words that might fit, but these, all of them and no other. So
 * a word that another one replaces is a difference, even where both are about the same rule.
 */

/** Its words for a line that is no cookie at all, or none that may be of this host: it says nothing beside them. */
const atFirst: Readonly<Record<string, string>> = {
  'cookie-control-character': 'DisallowedCharacter',
  'cookie-empty': 'NoCookieContent',
  'cookie-too-large': 'NameValuePairExceedsMaxSize',
  'domain-foreign': 'InvalidDomain',
  'domain-public-suffix': 'InvalidDomain',
  'domain-not-ascii': 'InvalidDomain',
  'prefix-host': 'InvalidPrefix',
  'prefix-secure': 'InvalidPrefix',
  'prefix-http': 'InvalidPrefix',
  'prefix-host-http': 'InvalidPrefix',
  'nameless-prefix': 'InvalidPrefix',
};

/** What it refuses without a word, as it does what says Partitioned over http: the requests that follow show it. */
const unsaid: readonly string[] = ['cookie-name-empty', 'partitioned-without-secure'];

/** Its words for one of our codes about a cookie, where no line is the matter. */
const words: Readonly<Record<string, string | ((sameSite: string | undefined) => string)>> = {
  'secure-from-insecure': 'SecureOnly',
  'needs-https': 'SecureOnly',
  'overlays-secure': 'OverwriteSecure',
  'none-without-secure': 'SameSiteNoneInsecure',
  'same-site-from-cross-site': (sameSite) => schemeful(sameSite),
  'same-site-strict': () => schemeful('strict'),
  'same-site-lax': (sameSite) => schemeful(sameSite),
  'other-host': 'DomainMismatch',
  'other-path': 'NotOnPath',
};

const schemeful = (sameSite: string | undefined) =>
  sameSite === 'strict'
    ? 'SchemefulSameSiteStrict'
    : sameSite === 'lax'
      ? 'SchemefulSameSiteLax'
      : 'SchemefulSameSiteUnspecifiedTreatedAsLax';

/** Every word for these codes; a code that has none stands for itself, and so is a difference. */
const wordsOf = (codes: readonly string[], sameSite: string | undefined): string[] =>
  codes.map((code) => {
    const word = words[code] ?? code;
    return typeof word === 'string' ? word : word(sameSite);
  });

/** Where a verdict and what Chromium says of one step disagree, in a sentence each. */
export function disagreements(replayed: Replayed, logged: CookieReasons | undefined): string[] {
  const { step, set, selected } = replayed;
  const left = [...(logged?.set ?? [])];
  const ofLines = step.set.flatMap((line, at) => {
    const index = left.findIndex(([theirs]) => isLine(theirs, line));
    const theirs = index === -1 ? [] : left.splice(index, 1)[0]![1];
    const codes: string[] = (set[at]?.reasons ?? []).map(({ code }) => code);
    return compared(line, theirs, codes, wordsForLine(line, codes, replayed));
  });
  const lost = left.map(([line]) => `${line}: refused, and never set`);
  const withheld = Object.fromEntries(
    Object.entries(logged?.sent ?? {}).map(([key, reasons]) => [withoutOwnAncestor(key), reasons]),
  );
  const ofCookies = selected().flatMap(({ cookie, verdict }) => {
    const key = keyOf(cookie);
    const theirs = withheld[key] ?? [];
    delete withheld[key];
    const codes: string[] = verdict.reasons.map(({ code }) => code);
    // It says nothing of a cookie of another partition, whatever else is against it.
    const expected = codes.includes('other-partition') ? [] : wordsOf(codes, cookie.sameSite);
    return compared(key, theirs, codes, expected);
  });
  const unknown = Object.keys(withheld).map((key) => `${key}: withheld, and not in the jar`);
  return [...ofLines, ...lost, ...ofCookies, ...unknown];
}

function compared(
  what: string,
  theirs: readonly string[],
  codes: readonly string[],
  expected: readonly string[],
): string[] {
  const [seen, due] = [sorted(theirs), sorted(expected)];
  if (seen !== due) return [`${what}: Chromium says ${seen}, where ${sorted(codes)} is ${due}`];
  const unread = theirs.filter((word) => !chromiumReasons[word]?.some((code) => codes.includes(code)));
  return unread.map((word) => `${what}: hallpass doctor does not know ${word} as one of ${codes}`);
}

const sorted = (list: readonly string[]) => [...new Set(list)].sort().join(' + ') || 'nothing';

/** What Chromium has to say of a Set-Cookie line of which we say this. */
function wordsForLine(line: string, codes: readonly string[], replayed: Replayed): string[] {
  const early = codes.flatMap((code) => atFirst[code] ?? []);
  // A prefix asks for https too, before anything else does.
  if (codes.includes('secure-from-insecure') && /^\s*__(?:secure|host|http|host-http)-/i.test(line))
    early.push('InvalidPrefix');
  if (early.length > 0) return early;
  const isHttp = replayed.step.url.startsWith('http:');
  const isPartitioned = /;\s*partitioned/i.test(line);
  if (codes.some((code) => unsaid.includes(code)) || (isHttp && isPartitioned && codes.length > 0)) return [];
  const cookie = parseSetCookie(line);
  const rest = wordsOf(codes, cookie?.sameSite);
  // Of a line that says Secure over http we say that alone, and Chromium also what it would have covered.
  if (codes.includes('secure-from-insecure') && cookie !== undefined && covers(cookie, replayed))
    rest.push('OverwriteSecure');
  return rest;
}

/** True where the jar has a Secure cookie that the line's would have covered. */
function covers({ name, path }: { name: string; path?: string }, { step, selected }: Replayed): boolean {
  const { hostname, pathname } = new URL(fill(step.url, hosts));
  const own = path?.startsWith('/') ? path : pathname.replace(/(.)\/[^/]*$/, '$1');
  return selected().some(
    ({ cookie }) =>
      cookie.secure &&
      cookie.name === name &&
      cookie.partition === undefined &&
      (`.${hostname}`.endsWith(`.${cookie.domain}`) || cookie.domain.endsWith(`.${hostname}`)) &&
      `${own}/`.startsWith(cookie.path.replace(/\/?$/, '/')),
  );
}

/** True for a line as the protocol shows it, which has no way to show octets over 7F, and drops what stands round them. */
function isLine(theirs: string, line: string): boolean {
  const start = line.search(/[^\x00-\x7e]/);
  if (start !== -1) return plain(theirs).startsWith(plain(line.slice(0, start)));
  return plain(theirs) === plain(line);
}

const plain = (line: string) => line.replaceAll(/[^\x21-\x7e]/g, '');

/** Chromium says of every partition of another site that an ancestor is of another site: the key need not. */
function withoutOwnAncestor(key: string): string {
  const [, domain = '', , partition = ''] = key.split(';');
  const site = partition.replace(/^https?:\/\/|#$/g, '');
  return domain.endsWith(site) && partition.startsWith('https') ? key : key.replace(/#$/, '');
}

const hosts = hostsOf(0);

/** As Chromium names a cookie, with the hosts of no run. */
function keyOf({ name, domain, hostOnly, path, partition }: StoredCookie): string {
  const key = `${name};${hostOnly ? '' : '.'}${domain};${path}`;
  return unfill(
    partition === undefined ? key : `${key};${partition.replace('cross-site-ancestor', '')}`,
    hosts,
  );
}
