import type { Har, HarCookie, HarEntry, TraceHop, TraceSecret, TraceSetCookie } from './types.ts';

/** What HAR writes for a size, and a version, that nobody knows. */
const unknownSize = -1;
const unknownVersion = 'unknown';
const blackedOut = '…';

/** The hops as an HTTP Archive, which browsers' developer tools can show. It holds no header's and no cookie's value. */
export function toHar(hops: readonly TraceHop[], version: string): Har {
  return { log: { version: '1.2', creator: { name: 'hallpass', version }, entries: hops.map(toEntry) } };
}

function toEntry(hop: TraceHop): HarEntry {
  const [url = ''] = hop.url.split('#', 1);
  const sent = hop.secrets.filter(({ verdict }) => verdict.allowed);
  const comment = hop.error ?? hop.stopped?.sentence;
  return {
    startedDateTime: new Date(hop.startedAt).toISOString(),
    time: hop.ms,
    request: {
      method: hop.method,
      url,
      httpVersion: unknownVersion,
      cookies: sent.filter(isCookie).map(({ name }) => ({ name, value: blackedOut })),
      headers: sent.filter(isHeader).map(({ name }) => ({ name, value: blackedOut })),
      queryString: [...new URLSearchParams(url.split('?').slice(1).join('?'))].map(([name, value]) => ({
        name,
        value,
      })),
      headersSize: unknownSize,
      bodySize: unknownSize,
    },
    response: {
      status: hop.status ?? 0,
      statusText: '',
      httpVersion: unknownVersion,
      cookies: hop.cookies.set.map(toCookie),
      headers: hop.location === undefined ? [] : [{ name: 'location', value: hop.location }],
      content: { size: 0, mimeType: 'x-unknown' },
      redirectURL: hop.location ?? '',
      headersSize: unknownSize,
      bodySize: unknownSize,
    },
    cache: {},
    timings: { send: 0, wait: hop.ms, receive: 0 },
    ...(comment !== undefined && { comment }),
    _cause: hop.cause,
    _secrets: hop.secrets.map(({ name, kind, verdict }) => ({
      name,
      kind,
      sent: verdict.allowed,
      reasons: verdict.reasons.map(({ code }) => code),
    })),
    _otherCookies: hop.otherCookies,
  };
}

const isCookie = ({ kind }: TraceSecret) => kind === 'cookie';

/** True for what surely stood in a header of that name; an API key may have stood in the query. */
const isHeader = ({ kind }: TraceSecret) => kind !== 'cookie' && kind !== 'api-key' && kind !== 'credential';

function toCookie({ name, path, domain, expires, httpOnly, secure, verdict }: TraceSetCookie): HarCookie {
  return {
    name,
    value: blackedOut,
    ...(path !== undefined && { path }),
    ...(domain !== undefined && { domain }),
    ...(expires !== undefined && { expires: expires.toISOString() }),
    httpOnly: httpOnly === true,
    secure: secure === true,
    ...(!verdict.allowed && { comment: verdict.reasons.map(({ sentence }) => sentence).join(' ') }),
  };
}
