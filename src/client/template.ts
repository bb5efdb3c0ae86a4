import type { CompiledScope } from '../scope/scope.ts';
import { isReplayable } from './body.ts';
import type { TimeoutLimits } from './deadline.ts';
import { describesBody, type HeaderPair, type LiteralCookie } from './headers.ts';
import type { ScopedCredential } from './scoped-credential.ts';

/** A request without a secret in it: what a hop starts from. */
export interface RequestTemplate {
  /** Without userinfo. */
  readonly url: URL;
  readonly method: string;
  /** Only headers that may travel to any origin. */
  readonly headers: readonly HeaderPair[];
  readonly body: BodyInit | undefined;
}

/** One call: its first template, and the secrets that were lifted out of it. */
export interface Call {
  readonly first: RequestTemplate;
  /** The origin of the first request: what the caller wrote for this call belongs there. */
  readonly origin: () => CompiledScope;
  /** Every credential that may be asked, in the order of precedence. */
  readonly credentials: readonly ScopedCredential[];
  /** How many of them the call itself brought: what hooks add comes right after these. */
  readonly own: number;
  readonly cookies: ReadonlyMap<string, LiteralCookie>;
  /** True: neither the jar nor a credential takes part. */
  readonly omit: boolean;
  readonly redirect: RequestRedirect;
  readonly timeout: TimeoutLimits;
  readonly signal: AbortSignal | undefined;
}

/** The template of the next hop. A body that stays behind takes the headers that describe it along. */
export function redirectedTemplate(
  from: RequestTemplate,
  to: { readonly url: URL; readonly method: string; readonly keepsBody: boolean },
  origin: { readonly leaves: boolean },
): RequestTemplate {
  const { url, method, keepsBody } = to;
  const dropsBodyHeaders = !keepsBody && (from.body !== undefined || origin.leaves);
  const headers = dropsBodyHeaders ? from.headers.filter((pair) => !describesBody(pair)) : from.headers;
  return { url, method, headers, body: keepsBody ? from.body : undefined };
}

/** The body of a template as redirects see it. */
export function bodyKind({ body }: RequestTemplate): 'none' | 'replayable' | 'one-shot' {
  if (body === undefined) return 'none';
  return isReplayable(body) ? 'replayable' : 'one-shot';
}
