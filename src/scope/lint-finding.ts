import type { Reason, ReasonCode } from './verdict.ts';

/** `error`: it does not work as written. `warning`: it works, and will be regretted. `note`: good to know. */
export type LintLevel = 'error' | 'warning' | 'note';

/** One thing that a lint or an audit found. Never holds a secret's value. */
export interface LintFinding {
  /** Stable, machine-readable: a reason of `admit` or `release`, or one of the lint rules below. */
  code: LintFindingCode;
  level: LintLevel;
  /** One sentence for people. */
  sentence: string;
  /** What to do about it. */
  fix?: string;
  /** Where the rule comes from: a section of a standard, or `hallpass`. */
  source: string;
}

interface LintRule {
  readonly level: LintLevel;
  readonly sentence: string;
  readonly fix?: string;
  readonly source: string;
}

/** Rules that no verdict speaks of. `{name}` in a text stands for a fact of that name. */
const table = {
  // ── lint: the name ──
  'name-like-prefix': {
    level: 'warning',
    sentence: '{name} looks as if it had the prefix {prefix} and does not, so no user agent protects it.',
    fix: 'Write {prefix} as it stands here.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.3',
  },
  'name-prefix-case': {
    level: 'note',
    sentence: 'Older user agents know the prefix of {name} only as {prefix}.',
    fix: 'Write {prefix} as it stands here.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.3',
  },
  'prefix-not-enforced': {
    level: 'warning',
    sentence:
      'This engine enforces no {prefix}: a host beside this one, or plain http, can plant {name} in it.',
    fix: 'Keep the prefix for the engines that do, and have the server believe no cookie for its name: hallpass/session signs or looks up every one.',
    source: 'hallpass',
  },
  'name-missing': {
    level: 'warning',
    sentence: 'The cookie has no name, and user agents do not agree on what they send back.',
    fix: 'Write name=value.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.1',
  },
  'name-not-token': {
    level: 'warning',
    sentence: 'The name {name} holds characters that a name may not have; servers read it differently.',
    fix: "Use letters, digits, '-' and '_'.",
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.1',
  },

  // ── lint: the value ──
  'value-json': {
    level: 'warning',
    sentence: 'The value of {name} looks like plain JSON, whose quotes and commas no cookie value may hold.',
    fix: "Percent-encode it, as defineCookie with format: 'json' does.",
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.1',
  },
  'value-quoted': {
    level: 'note',
    sentence: 'The value of {name} stands in quotes; they belong to it and come back with it.',
    fix: 'Leave the quotes out.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'value-octets': {
    level: 'warning',
    sentence: 'The value of {name} holds {found}; not every user agent and server keeps that as it is.',
    fix: 'Write encodeURIComponent(value), or use defineCookie, which does so.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.1',
  },
  'line-too-long': {
    level: 'warning',
    sentence:
      'The line of {name} has {octets} octets; some proxies drop the cookies of an answer over {limit}.',
    fix: 'Keep the data on the server (hallpass/session) and an id in the cookie.',
    source: 'hallpass',
  },

  // ── lint: the attributes as they are written ──
  'lines-joined': {
    level: 'error',
    sentence: 'The line of {name} goes on with a comma and what looks like another cookie, which is lost.',
    fix: 'Send one Set-Cookie line for each cookie: headers.append, and getSetCookie to copy them.',
    source: 'RFC 9110 §5.3',
  },
  'attribute-unknown': {
    level: 'note',
    sentence: 'Attribute {position} of {name} is none that user agents know, and is ignored.',
    fix: "Remove it; a ';' that belongs to the value is written %3B.",
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'attribute-misspelt': {
    level: 'warning',
    sentence: '{name} has an attribute that is nearly {meant}, and is ignored.',
    fix: 'Write {meant}.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'attribute-repeated': {
    level: 'warning',
    sentence: '{name} says {attribute} more than once; the last one counts.',
    fix: 'Say it once.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.1',
  },
  'attribute-too-long': {
    level: 'warning',
    sentence: '{attribute} of {name} has over {limit} octets, so it is ignored.',
    fix: 'Shorten it.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'flag-with-value': {
    level: 'warning',
    sentence: '{attribute} of {name} has a value, which means nothing: {attribute} holds all the same.',
    fix: 'Write {attribute} alone, or leave it out to switch it off.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'expires-unreadable': {
    level: 'warning',
    sentence: 'The Expires of {name} is no date, so it is ignored.',
    fix: 'Write it as Thu, 01 Jan 2026 00:00:00 GMT, or use Max-Age.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.1.1',
  },
  'expires-not-fixdate': {
    level: 'note',
    sentence: 'The Expires of {name} is read as {instant}, and not every reader is as lenient.',
    fix: 'Write it as {fixdate}.',
    source: 'RFC 9110 §5.6.7',
  },
  'max-age-unreadable': {
    level: 'warning',
    sentence: 'The Max-Age of {name} is no whole number, so it is ignored.',
    fix: 'Write whole seconds, as Max-Age=3600.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6.2',
  },
  'path-relative': {
    level: 'warning',
    sentence: "The Path of {name} does not start with '/', so it is ignored.",
    fix: 'Write Path=/.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6.4',
  },
  'path-unsaid': {
    level: 'note',
    sentence: '{name} says no Path: it is for the folder of the URL that set it, {path}.',
    fix: 'Write Path=/, or the path that is meant.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.1.4',
  },

  // ── lint: what the journeys show ──
  'same-site-unsaid': {
    level: 'warning',
    sentence:
      '{name} says none of SameSite=Strict, Lax and None: Chromium takes it as Lax, other user agents as None.',
    fix: 'Write SameSite=Lax.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6.7.1',
  },
  'domain-widens': {
    level: 'note',
    sentence: 'Domain widens {name} from {host} to every host below {domain}, whoever runs it.',
    fix: 'Leave Domain out, unless other hosts have to read it.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.2.3',
  },
  'travels-in-clear': {
    level: 'warning',
    sentence:
      '{name} is not Secure: it travels over plain http, where anybody on the way reads and changes it.',
    fix: 'Add Secure.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.2.5',
  },
  'script-readable': {
    level: 'warning',
    sentence: '{name} looks sensitive, and every script on its pages can read it.',
    fix: 'Add HttpOnly.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.1.2.6',
  },
  'sibling-can-plant': {
    level: 'warning',
    sentence: '{name} looks sensitive, and every host below {domain} can plant another one in its place.',
    fix: 'Call it {better}: Secure, Path=/ and no Domain.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §8.6',
  },
  'third-party-blocked': {
    level: 'warning',
    sentence: '{name} is for other sites (SameSite=None), and most user agents withhold such a cookie there.',
    fix: 'Add Partitioned, or SameSite=Lax when it is for this site only.',
    source: 'draft-cutler-httpbis-partitioned-cookies-01 §1',
  },
  'long-lived-secret': {
    level: 'warning',
    sentence: '{name} looks sensitive and lives {hours} hours; whoever copies it has as long.',
    fix: 'Keep it to 24 hours, and renew it while it is in use.',
    source: 'hallpass',
  },
  'safari-drops': {
    level: 'warning',
    sentence: '{name} is Secure: Safari does not keep it from http://localhost, as Chromium and Firefox do.',
    fix: 'Develop over https, or on localhost only give it a name without a prefix, and secure: false.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'response-cacheable': {
    level: 'warning',
    sentence: 'The answer that sets {name} may be kept by a shared cache, and given to other visitors.',
    fix: 'Send Cache-Control: private, no-store with it.',
    source: 'RFC 9111 §7.3',
  },

  // ── lint: what happened between requests ──
  'deletion-missed': {
    level: 'warning',
    sentence: 'The answer deletes {name} and misses it: the one that is kept has Path={path} and {domain}.',
    fix: 'Delete it with the Path and the Domain that it was set with.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'cors-any-origin': {
    level: 'error',
    sentence:
      'The answer is for every origin (Access-Control-Allow-Origin: *), so a page of {origin} may not read it with cookies.',
    fix: 'Name the origin, with Access-Control-Allow-Credentials: true and Vary: Origin.',
    source: 'Fetch §3.3.5',
  },
  'cors-no-credentials': {
    level: 'error',
    sentence:
      'The answer does not allow credentials, so a page of {origin} may not read it with cookies, nor keep those that it sets.',
    fix: 'Send Access-Control-Allow-Credentials: true to the origins that may act as the visitor.',
    source: 'Fetch §3.3.5',
  },

  // ── a server at its start ──
  'secure-on-http': {
    level: 'warning',
    sentence:
      '{name} is Secure and {origin} is plain http: no browser keeps it there, so nobody stays signed in.',
    fix: 'Serve https, and write https in origins; behind a proxy that ends TLS too.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'cors-without-cookie': {
    level: 'warning',
    sentence:
      '{origin} is another site: its scripts neither keep nor send {name}, which is SameSite={sameSite}, whatever cors.credentials says.',
    fix: "Serve both from one site, or make the cookie sameSite: 'none', which many browsers withhold all the same.",
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },

  // ── a server at work ──
  'mounted-late': {
    level: 'warning',
    sentence:
      'Another middleware stands in front of hallpass: what it answers by itself has no CORS headers, and a page of another origin sees a network error.',
    fix: 'Mount it first: app.use(hallpass(options)) before every other middleware.',
    source: 'Fetch §3.3',
  },
  'writes-dropped': {
    level: 'warning',
    sentence:
      'A request was answered with {status}, so what it wrote to its session, or its login, is not kept.',
    fix: 'Call context.keep() before an answer of 500 or above that is meant.',
    source: 'hallpass',
  },

  'cross-site-write': {
    level: 'warning',
    sentence:
      'What another site posted to {path} came without the session cookie, so what was written to the session is not kept: an anonymous one would take the place of the visitor’s own.',
    fix: 'Call login() there, or answer with a page of your own that goes on; what has to be known there (state, nonce) belongs in a cookie of its own with sameSite none.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'preflight-refused': {
    level: 'warning',
    sentence: '{why} So a page may not send its request to {path}.',
    fix: 'Add it there, where it is meant; the page’s own console says no more than that CORS is against it.',
    source: 'Fetch §3.3.5',
  },
  'answer-made-private': {
    level: 'warning',
    sentence:
      'The answer of {path} was offered to shared caches and is for one visitor only: it is sent as private.',
    fix: 'Serve it without asking for the session and without cookies, or say Cache-Control: private.',
    source: 'RFC 9111 §7.3',
  },
  'not-consented': {
    level: 'warning',
    sentence: '{name} was not set: the visitor has not consented to its purpose, {purpose}.',
    fix: 'Pass consent: { purposes } to the pipeline, and set the cookie once it names the purpose.',
    source: 'hallpass',
  },

  // ── audit of a client ──
  'credential-in-header': {
    level: 'warning',
    sentence: '{name} is a plain header of the client: it goes with every call, to every path of {origin}.',
    fix: "Make it a credential with a scope: credentials: bearer(token, { for: '{origin}' }), or apiKey.",
    source: 'RFC 9110 §11.4',
  },
  'header-without-scope': {
    level: 'error',
    sentence:
      '{name} is a plain header of a client without a baseUrl: it goes to the first host of every call.',
    fix: 'Make it a credential with a scope, as bearer(token, { for }) or apiKey(name, value, { for }).',
    source: 'RFC 9110 §11.4',
  },
  'cookie-without-host': {
    level: 'error',
    sentence: 'The Cookie header of the client belongs to no host: it goes to the first host of every call.',
    fix: 'Put the cookies into the jar, each with its URL: client.jar.set(line, url).',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'scope-anywhere': {
    level: 'warning',
    sentence: '{name} ({kind}) has no scope: it goes to every host that a caller, or a redirect, names.',
    fix: 'Name the origins that need it in `for`.',
    source: 'RFC 9110 §15.4',
  },
  'scope-plain-http': {
    level: 'warning',
    sentence: '{name} ({kind}) is for {scope}: over plain http anybody on the way reads it.',
    fix: 'Write https.',
    source: 'RFC 9110 §4.2.2',
  },
  'user-in-base-url': {
    level: 'warning',
    sentence: 'The baseUrl holds a user or a password, and URLs are copied, logged and shown.',
    fix: 'Make it a credential: basic(user, password).',
    source: 'RFC 9110 §4.2.4',
  },
  'secret-listed': {
    level: 'error',
    sentence: '{name} looks like a secret, and redirect.crossOriginHeaders lets it travel to every origin.',
    fix: 'Take it off the list, and make it a credential for the origins that need it.',
    source: 'RFC 9110 §15.4',
  },
  'body-anywhere': {
    level: 'warning',
    sentence: 'A 307 or 308 may have a body sent again to any origin (redirect.crossOriginBody).',
    fix: 'Leave it off, or judge each hop in redirect.follow.',
    source: 'hallpass',
  },
  'timeout-too-long': {
    level: 'warning',
    sentence: 'A call may take {time} (timeout.total): a server that hangs holds it as long.',
    fix: "Say what a caller is ready to wait, as timeout: '30s'.",
    source: 'hallpass',
  },
  'retry-not-idempotent': {
    level: 'warning',
    sentence: 'retry.methods has {name}: what was done before the answer got lost is done twice.',
    fix: 'Leave it out, unless the server knows a repetition by its Idempotency-Key.',
    source: 'RFC 9110 §9.2.2',
  },
} as const;

/** The code of a rule, beside the codes of reasons. */
export type LintCode = keyof typeof table;

/** The stable code of a finding. */
export type LintFindingCode = ReasonCode | LintCode;

/** What each rule says, how bad it is, and where it comes from. */
export const lintRules: Readonly<Record<LintCode, LintRule>> = table;

/** A finding of a rule, its texts filled in from the facts. */
export function finding(code: LintCode, facts: Readonly<Record<string, string | number>>): LintFinding {
  const { level, sentence, fix, source } = lintRules[code];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (hole, key) => String(facts[key] ?? hole));
  return { code, level, sentence: fill(sentence), ...(fix !== undefined && { fix: fill(fix) }), source };
}

/** A finding that repeats a reason of a verdict. */
export function findingOf({ code, sentence, source }: Reason, level: LintLevel, fix?: string): LintFinding {
  return { code, level, sentence, ...(fix !== undefined && { fix }), source };
}
