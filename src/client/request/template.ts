import { isReplayable } from './body.ts';
import { describesBody, type HeaderPair } from './headers.ts';

/** A request without a secret in it: what a hop starts from. */
export interface RequestTemplate {
  /** Without userinfo. */
  readonly url: URL;
  readonly method: string;
  /** Only headers that may travel to any origin. */
  readonly headers: readonly HeaderPair[];
  readonly body: BodyInit | undefined;
}

/**
 * The template of the next hop. A body that stays behind takes the headers that describe it along; `leaves`: asked only where they
 * came without one, whether the chain leaves its origin.
 */
export function redirectedTemplate(
  from: RequestTemplate,
  url: URL,
  { method, keepsBody }: { readonly method: string; readonly keepsBody: boolean },
  leaves: () => boolean,
): RequestTemplate {
  const describes = !keepsBody && from.headers.some(describesBody);
  const headers =
    describes && (from.body !== undefined || leaves())
      ? from.headers.filter((pair) => !describesBody(pair))
      : from.headers;
  return { url, method, headers, body: keepsBody ? from.body : undefined };
}

/** The same request with an Accept header, unless it has one. */
export function accepting(template: RequestTemplate, type: string): RequestTemplate {
  if (template.headers.some(([name]) => name === 'accept')) return template;
  return { ...template, headers: [...template.headers, ['accept', type]] };
}

/** The body of a template as redirects see it. */
export function bodyKind({ body }: RequestTemplate): 'none' | 'replayable' | 'one-shot' {
  if (body === undefined) return 'none';
  return isReplayable(body) ? 'replayable' : 'one-shot';
}
