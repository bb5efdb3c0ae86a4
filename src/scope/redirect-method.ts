import { type Reason, reason } from './verdict.ts';

/** The rule that turns a method into GET at a redirect. HEAD stays HEAD; all else keeps its method and its body. RFC 9110 §15.4. */
export function methodRewrite(method: string, status: number): Reason | undefined {
  if ((status === 301 || status === 302) && method === 'POST') return reason('post-becomes-get', { status });
  if (status === 303 && method !== 'GET' && method !== 'HEAD')
    return reason('see-other-becomes-get', { method });
  return undefined;
}
