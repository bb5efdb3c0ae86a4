/**
 * Where the headers of a request are read: a `Request`, its `Headers`, the request of Node, Express, Fastify or Hono, whatever
 * else gives a header by its name, or the text of a Cookie header alone. Nothing at all is a request without cookies.
 */
export type RequestSource =
  | Request
  | Headers
  | { header(name: string): string | readonly string[] | null | undefined }
  | { readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>> }
  | string
  | null
  | undefined;

/** Where Set-Cookie lines go: `Headers`, a `Response`, or a host's own head of the answer. */
export type ResponseTarget = Headers | Response | { append(name: string, value: string): unknown };

/** @throws TypeError for what no Set-Cookie line can be written to: where a line is written later, ask first. */
export function expectTarget(to: ResponseTarget): void {
  const head = typeof to === 'object' && to !== null && 'headers' in to ? to.headers : to;
  if (typeof (head as { append?: unknown } | null | undefined)?.append === 'function') return;
  throw new TypeError('Cookies are written to Headers, a Response, or an object with append(name, value).');
}

/** A header of a request by its lower-case name; several lines come joined, by `; ` for Cookie and by `, ` for the others. */
export function headerOf(from: RequestSource, name: string): string | undefined {
  if (typeof from === 'string') return name === 'cookie' ? from : undefined;
  if (from === null || from === undefined) return undefined;
  if (typeof from !== 'object' || !isRequestSource(from)) throw misused();
  if ('header' in from) {
    if (typeof from.header !== 'function') throw misused();
    return joined(name, from.header(name));
  }
  const headers = 'headers' in from ? from.headers : from;
  if (typeof headers !== 'object' || headers === null) throw misused();
  return joined(name, isHeaders(headers) ? headers.get(name) : ofObject(headers, name));
}

/** Names in lower case, as Node gives them, or in whatever case somebody wrote. */
function ofObject(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: string,
): string | readonly string[] | undefined {
  if (headers[name] !== undefined) return headers[name];
  for (const written in headers) {
    if (written.length === name.length && written.toLowerCase() === name) return headers[written];
  }
  return undefined;
}

/** True for an object that headers can be read from. What has a `req`, as Hono's context and Node's response, is none itself. */
export function isRequestSource(value: object): value is Exclude<RequestSource, string | null | undefined> {
  return !('req' in value) && ('headers' in value || 'header' in value || isHeaders(value));
}

const misused = () =>
  new TypeError(
    'This is no request: pass a Request, its Headers, the request of your framework (req, c.req), or the text of a Cookie header.',
  );

function joined(name: string, value: string | readonly string[] | null | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value))
    throw new TypeError(`The header ${name} of this request is neither text nor a list of lines.`);
  return value.join(name === 'cookie' ? '; ' : ', ');
}

/** By what it does: a runtime or a framework may bring a class of its own. */
function isHeaders(headers: object): headers is Headers {
  return 'get' in headers && typeof headers.get === 'function';
}
