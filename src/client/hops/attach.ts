import { checkOptions, expectType, type Shape } from '../../errors/misuse.ts';
import { fromOctets } from '../../scope/octets.ts';
import { releaseCredential } from '../../scope/release.ts';
import { allowed, refused, type Verdict } from '../../scope/verdict.ts';
import { isPromised } from '../../time/is-promised.ts';
import { monotonic } from '../../time.ts';
import {
  type Attachment,
  type Credential,
  isUnchanging,
  type RequestView,
} from '../credentials/credential.ts';
import { credentialFailed, type ScopedCredential } from '../credentials/scoped-credential.ts';
import { checkedHeaders, checkedQuery } from '../request/attachment.ts';
import { cookiesByName, type HeaderPair, headerPair, setHeader } from '../request/headers.ts';
import { isSecretHeader } from '../request/secret-headers.ts';
import { withoutFragment } from '../trace/shown-url.ts';
import type { TraceSecret } from '../trace/types.ts';
import { withOneMore } from '../with-one-more.ts';
import type { Hop } from './hop.ts';
import { sign } from './sign.ts';

/**
 * The one place where secrets meet a request: asks `release` for each, at this hop, from scratch. Only a credential that
 * has to be waited for makes the call wait.
 */
export function attach(hop: Hop): undefined | Promise<undefined> {
  const { call, settings } = hop.run;
  hop.facts.time = settings.clock.now();
  hop.record.began = monotonic(settings.clock);
  hop.wireUrl = withoutFragment(hop.url);
  hop.wireHeaders.push(...hop.template.headers);
  const { credentials, ownCount } = call;
  return attachFrom(
    0,
    hop.hooked.length === 0
      ? credentials
      : [...credentials.slice(0, ownCount), ...hop.hooked, ...credentials.slice(ownCount)],
    hop,
  );
}

/** Attaches the credentials from `next` on, then the cookies, and then the signatures over all that. */
function attachFrom(
  next: number,
  credentials: readonly ScopedCredential[],
  hop: Hop,
): undefined | Promise<undefined> {
  for (let index = next; index < credentials.length; index++) {
    const scoped = credentials[index] as ScopedCredential;
    const { name, kind } = scoped.credential;
    const verdict = judge(scoped, hop);
    if (!verdict.allowed) {
      note(hop, { name, kind, verdict });
      continue;
    }
    const attachment = attachmentOf(scoped.credential, hop);
    if (isPromised(attachment)) {
      return attachment.then((checked) => {
        take(scoped, checked, hop);
        return attachFrom(index + 1, credentials, hop);
      });
    }
    take(scoped, attachment, hop);
  }
  attachCookies(hop);
  return hop.signers.length === 0 ? undefined : sign(hop);
}

/** May this credential travel on this hop, and does nothing stand in its place? */
function judge({ credential, scope, oneCall, ambient }: ScopedCredential, hop: Hop): Verdict {
  const { name, kind } = credential;
  if (ambient && hop.run.call.omit) return refused('credentials-omitted');
  // A credential of one call stays away once the call has left its scope; any other comes back on A → B → A.
  const verdict = releaseCredential(name, scope, hop.facts, oneCall ? hop.facts.before : none);
  if (!verdict.allowed) return kind === 'header' ? notListed(name, verdict) : verdict;
  const isHeader = credential.in === 'header' || credential.sign !== undefined;
  const source = isHeader ? hop.attachedBy(name.toLowerCase())?.source : undefined;
  return source === undefined ? verdict : explicitWins(name, source);
}

const none: readonly URL[] = [];

/** A caller's header stays behind because it is not on the list, and its sentence says so. */
function notListed(name: string, verdict: Verdict & { allowed: false }): Verdict {
  const [first] = verdict.reasons;
  if (!first.code.startsWith('scope-') || name === 'authorization') return verdict;
  const [unlisted] = refused('header-not-listed', { name }).reasons;
  return unlisted === undefined ? verdict : { ...verdict, reasons: [first, unlisted] };
}

const explicitWins = (name: string, winner: string) => refused('explicit-wins', { name, winner });

/** What a credential attaches, checked: lower-case header names, and query parameters. */
interface CheckedAttachment {
  readonly headers: readonly HeaderPair[];
  readonly query: readonly HeaderPair[];
}

/** What credentials attach that never change. */
const checkedOnce = new WeakMap<Credential, CheckedAttachment>();

/**
 * Asks a credential what it attaches to this hop. One that never changes is asked and checked once.
 * @throws TypeError for what no credential may attach; CredentialError for what a credential's own function throws.
 */
function attachmentOf(credential: Credential, hop: Hop): CheckedAttachment | Promise<CheckedAttachment> {
  const known = checkedOnce.get(credential);
  if (known !== undefined) return known;
  let attaching: Attachment | Promise<Attachment>;
  try {
    attaching = credential.attach(requestView(hop), hop.view);
  } catch (cause) {
    throw credentialFailed(credential, cause, hop.run);
  }
  if (isPromised(attaching))
    return attaching.then(
      (given) => checked(given, credential),
      (cause) => Promise.reject(credentialFailed(credential, cause, hop.run)),
    );
  const attachment = checked(attaching, credential);
  if (isUnchanging(credential)) checkedOnce.set(credential, attachment);
  return attachment;
}

const attachmentShape: Shape<Attachment> = { headers: 'array|object', query: 'array|object' };

function checked(attachment: Attachment, { name }: Credential): CheckedAttachment {
  expectType(attachment, 'object', `What attach of the credential ${name} gives, { headers } or { query },`);
  checkOptions(attachment, attachmentShape, `attach of the credential ${name}`);
  return { headers: checkedHeaders(attachment.headers, name), query: checkedQuery(attachment.query, name) };
}

function requestView({ url, template: { method, headers } }: Hop): RequestView {
  return Object.freeze({ url: url.href, method, headers: Object.freeze(Object.fromEntries(headers)) });
}

/** Puts what a credential attaches into the request, unless another came first. */
function take(scoped: ScopedCredential, attachment: CheckedAttachment, hop: Hop): void {
  const { credential, scope } = scoped;
  const { headers, query } = attachment;
  const { name, kind } = credential;
  const { secretHeaders } = hop.run.settings;
  const winner = winnerOver(attachment, hop);
  if (winner !== undefined) {
    note(hop, { name, kind, verdict: explicitWins(name, winner) });
    return;
  }
  hop.sentCredentials = withOneMore(hop.sentCredentials, scoped);
  for (const pair of headers) {
    hop.sources = withOneMore(hop.sources, { name: pair[0], from: scoped });
    setHeader(hop.wireHeaders, pair);
    if (kind !== 'header' || (isSecretHeader(pair[0], secretHeaders) && !isAddress(pair[1])))
      hop.run.sentSecrets.header(pair[0], pair[1], scope);
  }
  for (const [name, value] of query) {
    hop.wireUrl = withParameter(hop.wireUrl, name, value);
    hop.run.sentSecrets.query(name, value, scope);
  }
  if (credential.sign !== undefined)
    hop.signers = withOneMore(hop.signers, { scoped, place: hop.record.secretVerdicts.length });
  const empty = headers.length === 0 && query.length === 0;
  note(hop, {
    name,
    kind,
    verdict: empty ? refused('nothing-attached', { name, origin: hop.url.origin }) : allowed,
  });
}

function note({ record }: Hop, secret: TraceSecret): void {
  record.secretVerdicts = withOneMore(record.secretVerdicts, secret);
}

/** What has come before a credential: another's header of the same name, or a parameter of the URL. */
function winnerOver({ headers, query }: CheckedAttachment, hop: Hop): string | undefined {
  for (const [name] of headers) {
    const source = hop.attachedBy(name)?.source;
    if (source !== undefined) return source;
  }
  return query.some(([name]) => hop.url.searchParams.has(name)) ? 'the URL itself' : undefined;
}

function withParameter(url: string, name: string, value: string): string {
  const sign = !url.includes('?') ? '?' : url.endsWith('?') ? '' : '&';
  return `${url}${sign}${encodedParameter(name)}=${encodedParameter(value)}`;
}

/** As a URL holds it: what parses the URL changes nothing about it any more. */
const encodedParameter = (text: string) => encodeURIComponent(text).replaceAll("'", '%27');

/** The jar's cookies and the literal ones as one Cookie header; a literal cookie takes the place of the jar's. */
function attachCookies(hop: Hop): void {
  const { url, facts, record, literalCookies, wireHeaders, run } = hop;
  const { jar } = run.settings;
  record.jar = jar?.snapshot(url);
  const ofJar = jar === undefined || run.call.omit ? '' : jar.header(url, facts);
  if (ofJar !== '') run.sentSecrets.cookiesOfJar(ofJar);
  if (literalCookies.size === 0) {
    if (ofJar !== '') wireHeaders.push(['cookie', ofJar]);
    return;
  }
  const literal = new Set<string>();
  const pairs: string[] = [];
  for (const [name, { pair, scope }] of literalCookies) {
    const verdict = releaseCredential(name, scope, facts, facts.before);
    note(hop, { name: fromOctets(name), kind: 'cookie', verdict });
    if (!verdict.allowed) continue;
    literal.add(name);
    pairs.push(pair);
    run.sentSecrets.cookie(name, pair.slice(pair.indexOf('=') + 1), scope);
  }
  const kept = [...cookiesByName(ofJar)].filter(([name]) => !literal.has(name));
  const all = [...kept.map(([, pair]) => pair), ...pairs.map((pair) => headerPair('cookie', pair)[1])];
  if (all.length > 0) wireHeaders.push(['cookie', all.join('; ')]);
}

/** A header that only its name makes secret, as X-Auth-Redirect, may hold an address: that is none. */
const isAddress = (value: string) => /^https?:\/\//i.test(value);
