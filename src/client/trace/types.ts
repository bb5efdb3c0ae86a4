import type { ErrorCode } from '../../errors.ts';
import type { SetCookie } from '../../scope/cookie-facts.ts';
import type { Reason, Verdict } from '../../scope/verdict.ts';
import type { SecretKind } from '../credentials/credential.ts';

/** A secret that the client knew of at a hop: sent when the verdict allows, otherwise withheld, with the reasons. */
export interface TraceSecret {
  /** Of the header, query parameter or cookie. Never the value. */
  readonly name: string;
  readonly kind: SecretKind;
  readonly verdict: Verdict;
}

/** A cookie that an answer asked the jar to keep: everything but its value. */
export interface TraceSetCookie extends Omit<SetCookie, 'value'> {
  /** Kept when the verdict allows. */
  readonly verdict: Verdict;
}

/** One request of a call, and its answer. */
export interface TraceHop {
  /** Without userinfo, and with the secrets that went out blacked out. */
  readonly url: string;
  readonly method: string;
  /** Why it was sent: it began the call, followed a redirect, repeated a hop as a credential asked (`challenge`, `received`), or repeated one that had failed. */
  readonly cause: 'start' | 'redirect' | 'challenge' | 'retry';
  /** Absent when no answer came. */
  readonly status?: number;
  /** The Location of the answer, as it came. */
  readonly location?: string;
  /** Of the jar's cookies those of the request's site, with those of the site's other hosts. */
  readonly secrets: readonly TraceSecret[];
  /** How many cookies of other sites the jar held, none of which can travel here; 0 without a jar. */
  readonly otherCookies: number;
  readonly cookies: { readonly set: readonly TraceSetCookie[] };
  /** What the redirect that led here changed about the request, with the rule that did. */
  readonly rewrites: readonly Reason[];
  /** Why the redirect of this answer was not followed. */
  readonly stopped?: Reason;
  /** The code of the error that ended this request, and with it the call unless it was sent again. */
  readonly error?: ErrorCode;
  /** Milliseconds since 1970 when the request was made. */
  readonly startedAt: number;
  /** Milliseconds until the headers of the answer came. */
  readonly ms: number;
}

/** Every hop of one call with every verdict. Holds no secret's value; verdicts on cookies are worked out when it is read. */
export interface Trace {
  readonly hops: readonly TraceHop[];
  /** A table for people. */
  toString(): string;
  toJSON(): { hops: readonly TraceHop[] };
  /** An HTTP Archive (HAR 1.2), which browsers' developer tools can open. */
  toHAR(): Har;
}

/** A name and a value, as HAR lists them. */
export interface HarPair {
  name: string;
  value: string;
}

/** A cookie in a HAR file. The value is blacked out. */
export interface HarCookie extends HarPair {
  path?: string;
  domain?: string;
  /** ISO 8601. */
  expires?: string;
  httpOnly?: boolean;
  secure?: boolean;
  comment?: string;
}

/** One request and its answer. Fields with an underscore are hallpass's own, as HAR allows. */
export interface HarEntry {
  /** ISO 8601. */
  startedDateTime: string;
  /** Milliseconds until the headers of the answer came. */
  time: number;
  request: {
    method: string;
    url: string;
    httpVersion: string;
    cookies: HarCookie[];
    headers: HarPair[];
    queryString: HarPair[];
    headersSize: number;
    bodySize: number;
  };
  response: {
    /** 0 when no answer came. */
    status: number;
    statusText: string;
    httpVersion: string;
    cookies: HarCookie[];
    headers: HarPair[];
    content: { size: number; mimeType: string };
    redirectURL: string;
    headersSize: number;
    bodySize: number;
  };
  cache: Record<string, never>;
  timings: { send: number; wait: number; receive: number };
  comment?: string;
  _cause: TraceHop['cause'];
  /** Every secret that the client knew of, sent or withheld, with the codes of the reasons. */
  _secrets: { name: string; kind: string; sent: boolean; reasons: string[] }[];
  /** How many cookies of other sites the jar held. */
  _otherCookies: number;
}

/** An HTTP Archive, version 1.2. http://www.softwareishard.com/blog/har-12-spec/ */
export interface Har {
  log: { version: '1.2'; creator: { name: string; version: string }; entries: HarEntry[] };
}
