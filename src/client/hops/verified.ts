import { IntegrityError } from '../errors.ts';
import { hasDigest } from '../request/integrity.ts';
import { shownUrl } from '../trace/shown-url.ts';
import { withChainFacts } from '../transport/response.ts';
import { callResponse } from './call-response.ts';
import type { Hop } from './hop.ts';

/** The answer of a call that names the digest of its body: read whole, and given only when the digest is right. Fetch §4.1, step 22. */
export async function verified(hop: Hop): Promise<Response> {
  const { call, deadline, trace } = hop.run;
  const response = callResponse(hop);
  const { status, statusText, headers, url, redirected } = response;
  const octets = response.body === null ? undefined : await response.arrayBuffer();
  if (octets === undefined || !(await hasDigest(octets, call.integrity)))
    throw new IntegrityError(
      'integrity-mismatch',
      `The body of the ${status} of ${shownUrl(hop.url)} is not the one that integrity names.`,
      trace,
    );
  deadline.end();
  const whole = new Response(octets, { status, statusText, headers });
  return withChainFacts(whole, { url, redirected, trace, body: undefined });
}
