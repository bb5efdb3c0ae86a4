import type { CookieJar, JarSnapshot } from '../jar/index.ts';
import type { Hop, HopView } from '../scope/hop.ts';
import { releaseCredential } from '../scope/release.ts';
import type { CompiledScope } from '../scope/scope.ts';
import { refused, type Verdict } from '../scope/verdict.ts';
import { type Attachment, type Credential, fixed } from './credential.ts';
import { cookiesByName, type HeaderPair, refuseFraming, setHeader } from './headers.ts';
import type { KnownSecrets } from './known-secrets.ts';
import type { LiteralCookie, Template } from './template.ts';
import type { TraceSecret } from './trace.ts';

/** A credential with its scope read, as a call knows it. */
export interface ScopedCredential {
  readonly credential: Credential;
  readonly scope: CompiledScope;
  /** True for what the caller wrote for one call: once the chain has left its scope, it does not come back. */
  readonly oneCall: boolean;
  /** True for what `credentials: 'omit'` leaves out. */
  readonly ambient: boolean;
  /** Who gave it, for the sentence that says who came first. */
  readonly giver: string;
}

/** A header that was lifted out of a template. */
export function scopedHeader(
  [name, value]: HeaderPair,
  scope: CompiledScope,
  giver: string,
): ScopedCredential {
  const credential = fixed('header', name, undefined, { headers: { [name]: value } }, 'header');
  return { credential, scope, oneCall: true, ambient: false, giver };
}

/** The userinfo that was lifted out of a start URL: the last in the order of precedence. */
export function userinfoCredential(value: string, scope: CompiledScope): ScopedCredential {
  const attachment = { headers: { authorization: value } };
  const credential = fixed('userinfo', 'authorization', undefined, attachment, 'header');
  return { credential, scope, oneCall: true, ambient: true, giver: 'the user in the URL' };
}

/** Everything that attaching needs to know of a hop. */
export interface Attaching {
  readonly template: Template;
  readonly hop: Hop & { readonly url: URL; readonly before: readonly URL[] };
  readonly view: HopView;
  readonly credentials: readonly ScopedCredential[];
  readonly omit: boolean;
  /** Absent when no jar takes part. */
  readonly jar: CookieJar | undefined;
  readonly literalCookies: ReadonlyMap<string, LiteralCookie>;
  readonly known: KnownSecrets;
  /** Makes the error for a credential whose own function failed. */
  failure(name: string, cause: unknown): Error;
}

/** What goes on the wire at one hop, and every verdict but those of the jar's cookies. */
export interface Attached {
  readonly url: string;
  readonly headers: Headers;
  readonly secrets: readonly TraceSecret[];
  /** The credentials that went out: those that may answer a challenge of this hop. */
  readonly sent: readonly ScopedCredential[];
  /** The literal cookies that went out. */
  readonly literal: ReadonlySet<string>;
  /** The jar as it was when its cookies were chosen. */
  readonly jarThen: JarSnapshot | undefined;
}

/** The one place where secrets meet a request: asks `release` for each, at this hop, from scratch. */
export async function attach(at: Attaching): Promise<Attached> {
  const { template, hop } = at;
  const headers = new Headers(template.headers as [string, string][]);
  const secrets: TraceSecret[] = [];
  const sent: ScopedCredential[] = [];
  const givers = new Map<string, string>();
  let query = '';
  let seen: ReturnType<typeof requestView> | undefined;

  for (const scoped of at.credentials) {
    const { credential, scope } = scoped;
    let verdict = judge(scoped, at);
    const first = credential.in === 'header' ? givers.get(credential.name.toLowerCase()) : undefined;
    if (verdict.allowed && first !== undefined) verdict = alreadyGiven(credential.name, first);
    if (verdict.allowed) {
      seen ??= requestView(template);
      const attachment = await attachmentOf(credential, seen, at);
      const taken = whoGave(attachment, givers, hop.url);
      if (taken !== undefined) verdict = alreadyGiven(credential.name, taken);
      else {
        sent.push(scoped);
        for (const [name, value] of Object.entries(attachment.headers ?? {})) {
          givers.set(name.toLowerCase(), scoped.giver);
          setHeader(headers, name, value);
          at.known.header(name.toLowerCase(), value, scope, credential.kind === 'header');
        }
        for (const [name, value] of Object.entries(attachment.query ?? {})) {
          query += `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
          at.known.query(name, value, scope);
        }
      }
    }
    secrets.push({ name: credential.name, kind: credential.kind, verdict });
  }

  const jarThen = at.jar?.snapshot();
  const literal = attachCookies(headers, secrets, at);
  return { url: wireUrl(hop.url, query), headers, secrets, sent, literal, jarThen };
}

function judge({ credential, scope, oneCall, ambient }: ScopedCredential, at: Attaching): Verdict {
  if (ambient && at.omit) return refused('credentials-omitted');
  const verdict = releaseCredential(credential.name, scope, at.hop.url, oneCall ? at.hop.before : []);
  return !verdict.allowed && credential.kind === 'header' ? notListed(credential.name, verdict) : verdict;
}

/** A caller's header stays behind because it is not on the list, and its sentence says so. */
function notListed(name: string, verdict: Verdict & { allowed: false }): Verdict {
  const [first] = verdict.reasons;
  if (!first.code.startsWith('scope-') || name === 'authorization') return verdict;
  const [unlisted] = refused('header-not-listed', { name }).reasons;
  return unlisted === undefined ? verdict : { ...verdict, reasons: [first, unlisted] };
}

const alreadyGiven = (name: string, winner: string) => refused('explicit-wins', { name, winner });

async function attachmentOf(
  credential: Credential,
  seen: ReturnType<typeof requestView>,
  at: Attaching,
): Promise<Attachment> {
  let attachment: Attachment;
  try {
    attachment = await credential.attach(seen, at.view);
  } catch (cause) {
    throw at.failure(credential.name, cause);
  }
  for (const name of Object.keys(attachment.headers ?? {})) {
    const lower = name.toLowerCase();
    refuseFraming(lower);
    if (lower === 'cookie' || lower === 'proxy-authorization')
      throw new TypeError(
        `A credential cannot attach ${name}: cookies belong in the jar, and a proxy's credentials to the transport.`,
      );
  }
  return attachment;
}

function whoGave(attachment: Attachment, givers: ReadonlyMap<string, string>, url: URL): string | undefined {
  for (const name of Object.keys(attachment.headers ?? {})) {
    const giver = givers.get(name.toLowerCase());
    if (giver !== undefined) return giver;
  }
  for (const name of Object.keys(attachment.query ?? {})) {
    if (url.searchParams.has(name)) return 'the URL itself';
  }
  return undefined;
}

/** The jar's cookies and the literal ones as one Cookie header; a literal cookie takes the place of the jar's. */
function attachCookies(headers: Headers, secrets: TraceSecret[], at: Attaching): ReadonlySet<string> {
  const ofJar = at.jar === undefined || at.omit ? '' : at.jar.header(at.hop.url, at.hop);
  if (at.literalCookies.size === 0) {
    if (ofJar !== '') headers.set('cookie', ofJar);
    return noNames;
  }
  const literal = new Set<string>();
  const pairs: string[] = [];
  for (const [name, { pair, scope }] of at.literalCookies) {
    const verdict = releaseCredential(name, scope, at.hop.url, at.hop.before);
    secrets.push({ name, kind: 'cookie', verdict });
    if (!verdict.allowed) continue;
    literal.add(name);
    pairs.push(pair);
    at.known.header(name, pair.slice(pair.indexOf('=') + 1), scope, true);
  }
  const kept = [...cookiesByName(ofJar)].filter(([name]) => !literal.has(name));
  const all = [...kept.map(([, pair]) => pair), ...pairs];
  if (all.length > 0) setHeader(headers, 'cookie', all.join('; '));
  return literal;
}

const noNames: ReadonlySet<string> = new Set();

function requestView({ url, method, headers }: Template) {
  return Object.freeze({ url: url.href, method, headers: Object.freeze(Object.fromEntries(headers)) });
}

function wireUrl(url: URL, query: string): string {
  const [bare = ''] = url.href.split('#', 1);
  if (query === '') return bare;
  return bare.includes('?')
    ? bare + (bare.endsWith('?') ? query.slice(1) : query)
    : `${bare}?${query.slice(1)}`;
}
