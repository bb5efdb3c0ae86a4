import type { ResponseHead } from './exchange.ts';

/** Copies of responses that came from `fetch`, which decodes a body and leaves the headers of the encoded one. */
const fetchedCopies = new WeakSet<Response>();

/** True for a response that `fetch` gave, and for a copy of one. */
export function isFetched(response: Response): boolean {
  return (response.url ?? '') !== '' || fetchedCopies.has(response);
}

/**
 * Asked before anything is committed, as some servers have a Response of their own that finds out only when its head has gone, or
 * makes a 200 of an error.
 * @throws TypeError for a response that cannot be sent: `Response.error()`, or one whose body was read
 */
export function expectSendable({ status, bodyUsed, body }: Response): void {
  if (status === 0) throw new TypeError('This is the Response of a network error, which cannot be sent.');
  if (status !== 101 && (bodyUsed || body?.locked)) {
    throw new TypeError('The body of this Response was read, so it cannot be sent: send a clone of it.');
  }
}

/**
 * A copy of the response with this written into its head: a handler may give the same response, without a body, to the next
 * visitor too. A protocol switch cannot be copied, and is left as it is.
 * @throws TypeError for a response that cannot be sent
 */
export function withHead(response: Response, write: (head: ResponseHead) => void): Response {
  if (response.status === 101) return response;
  expectSendable(response);
  const copy = new Response(response.body, response);
  if (isFetched(response)) fetchedCopies.add(copy);
  write(copy.headers);
  return copy;
}

/** Ends the source of a body that nobody will get. */
export function cancelBody(response: Response): void {
  try {
    if (response.body?.locked === false) response.body.cancel().catch(() => {});
  } catch {
    // A response of another library, with a body of another kind.
  }
}
