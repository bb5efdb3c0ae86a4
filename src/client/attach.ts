import type { CookieJar, JarSnapshot } from '../jar/index.ts';
import type { Hop, HopView } from '../scope/hop.ts';
import { releaseCredential } from '../scope/release.ts';
import type { CompiledScope } from '../scope/scope.ts';
import { allowed, refused, type Verdict } from '../scope/verdict.ts';
import { attachmentOf, type CheckedAttachment } from './attachment.ts';
import { type Credential, fixed } from './credential.ts';
import { cookiePair, cookiesByName, type HeaderPair, setHeader } from './headers.ts';
import { type KnownSecrets, withoutFragment } from './known-secrets.ts';
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

/** The userinfo that was lifted out of a start URL: in the order of precedence only a netrc comes after it. */
export function userinfoCredential(value: string, scope: CompiledScope): ScopedCredential {
  const attachment = { headers: { authorization: value } };
  const credential = fixed('userinfo', 'authorization', undefined, attachment, 'header');
  return { credential, scope, oneCall: true, ambient: true, giver: 'the user in the URL' };
}

/** Everything that attaching needs to know of a hop. */
export interface Attaching {
  readonly template: Template;
  readonly hop: Hop & { readonly url: URL; readonly before: readonly URL[] };
  /** The hop as a credential sees it. */
  view(): HopView;
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
  readonly headers: readonly HeaderPair[];
  readonly secrets: readonly TraceSecret[];
  /** The credentials that were asked: those that may answer a challenge of this hop. */
  readonly sent: readonly ScopedCredential[];
  /** The literal cookies that went out. */
  readonly literal: ReadonlySet<string>;
  /** The jar as it was when its cookies were chosen. */
  readonly jarThen: JarSnapshot | undefined;
}

/** What has been attached so far. */
interface Progress {
  readonly headers: HeaderPair[];
  readonly secrets: TraceSecret[];
  readonly sent: ScopedCredential[];
  /** Who gave which header. */
  readonly givers: { readonly name: string; readonly giver: string }[];
  query: string;
}

/** The one place where secrets meet a request: asks `release` for each, at this hop, from scratch. */
export function attach(at: Attaching): Attached | Promise<Attached> {
  return attachFrom(
    0,
    { headers: [...at.template.headers], secrets: [], sent: [], givers: [], query: '' },
    at,
  );
}

/** Attaches the credentials from `next` on. Only one that has to be waited for makes the call wait. */
function attachFrom(next: number, so: Progress, at: Attaching): Attached | Promise<Attached> {
  for (let index = next; index < at.credentials.length; index++) {
    const scoped = at.credentials[index] as ScopedCredential;
    const { credential } = scoped;
    const verdict = judge(scoped, so, at);
    if (!verdict.allowed) {
      so.secrets.push({ name: credential.name, kind: credential.kind, verdict });
      continue;
    }
    const attachment = attachmentOf(credential, () => requestView(at.template), at.view, at.failure);
    if (attachment instanceof Promise) {
      return attachment.then((given) => {
        take(scoped, given, so, at);
        return attachFrom(index + 1, so, at);
      });
    }
    take(scoped, attachment, so, at);
  }
  const jarThen = at.jar?.snapshot();
  const literal = attachCookies(so.headers, so.secrets, at);
  const { headers, secrets, sent } = so;
  return { url: wireUrl(at.hop.url, so.query), headers, secrets, sent, literal, jarThen };
}

/** Puts what a credential attaches into the request, unless another came first. */
function take(scoped: ScopedCredential, attachment: CheckedAttachment, so: Progress, at: Attaching): void {
  const { credential, scope, giver } = scoped;
  const { headers, query } = attachment;
  const { name, kind } = credential;
  const taken = whoGave(attachment, so, at.hop.url);
  if (taken !== undefined) {
    so.secrets.push({ name, kind, verdict: alreadyGiven(name, taken) });
    return;
  }
  so.sent.push(scoped);
  for (const pair of headers) {
    so.givers.push({ name: pair[0], giver });
    setHeader(so.headers, pair);
    at.known.header(pair[0], pair[1], scope, kind === 'header');
  }
  for (const [name, value] of query) {
    so.query += `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    at.known.query(name, value, scope);
  }
  const empty = headers.length === 0 && query.length === 0;
  const verdict = empty ? refused('nothing-attached', { name, origin: at.hop.url.origin }) : allowed;
  so.secrets.push({ name, kind, verdict });
}

function judge(
  { credential, scope, oneCall, ambient }: ScopedCredential,
  so: Progress,
  at: Attaching,
): Verdict {
  const { name, kind } = credential;
  if (ambient && at.omit) return refused('credentials-omitted');
  const verdict = releaseCredential(name, scope, at.hop.url, oneCall ? at.hop.before : none);
  if (!verdict.allowed) return kind === 'header' ? notListed(name, verdict) : verdict;
  const giver = credential.in === 'header' ? giverOf(name.toLowerCase(), so) : undefined;
  return giver === undefined ? verdict : alreadyGiven(name, giver);
}

const none: readonly URL[] = [];

/** A caller's header stays behind because it is not on the list, and its sentence says so. */
function notListed(name: string, verdict: Verdict & { allowed: false }): Verdict {
  const [first] = verdict.reasons;
  if (!first.code.startsWith('scope-') || name === 'authorization') return verdict;
  const [unlisted] = refused('header-not-listed', { name }).reasons;
  return unlisted === undefined ? verdict : { ...verdict, reasons: [first, unlisted] };
}

const alreadyGiven = (name: string, winner: string) => refused('explicit-wins', { name, winner });

function giverOf(name: string, { givers }: Progress): string | undefined {
  for (const one of givers) if (one.name === name) return one.giver;
  return undefined;
}

function whoGave({ headers, query }: CheckedAttachment, so: Progress, url: URL): string | undefined {
  for (const [name] of headers) {
    const giver = giverOf(name, so);
    if (giver !== undefined) return giver;
  }
  return query.some(([name]) => url.searchParams.has(name)) ? 'the URL itself' : undefined;
}

/** The jar's cookies and the literal ones as one Cookie header; a literal cookie takes the place of the jar's. */
function attachCookies(headers: HeaderPair[], secrets: TraceSecret[], at: Attaching): ReadonlySet<string> {
  const ofJar = at.jar === undefined || at.omit ? '' : at.jar.header(at.hop.url, at.hop);
  if (at.literalCookies.size === 0) {
    if (ofJar !== '') headers.push(cookiePair(ofJar));
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
  if (all.length > 0) headers.push(cookiePair(all.join('; ')));
  return literal;
}

const noNames: ReadonlySet<string> = new Set();

function requestView({ url, method, headers }: Template) {
  return Object.freeze({ url: url.href, method, headers: Object.freeze(Object.fromEntries(headers)) });
}

function wireUrl(url: URL, query: string): string {
  const bare = withoutFragment(url);
  if (query === '') return bare;
  return bare.includes('?')
    ? bare + (bare.endsWith('?') ? query.slice(1) : query)
    : `${bare}?${query.slice(1)}`;
}
