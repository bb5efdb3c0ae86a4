import { textOf } from '../errors/misuse.ts';

/** `URL.protocol` of the two schemes that carry cookies and credentials. */
type WebScheme = 'http:' | 'https:';

const defaultPort = { 'http:': '80', 'https:': '443' } as const;

/** True for http and https: no other scheme is ever followed or scoped. */
export function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

/** The port that a connection goes to, the default one written out. */
export function effectivePort(url: URL): string {
  return url.port !== '' ? url.port : (defaultPort[url.protocol as WebScheme] ?? '');
}

/** True for an IPv4 or bracketed IPv6 host as `URL.hostname` writes it. Canonical hosts only: `0x7f.1` has become `127.0.0.1`. */
export function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

const longestShown = 200;

/**
 * What a request's Origin says, for people: whoever sends it writes it, so what is not as browsers write an origin is not
 * repeated, and no sentence that holds it can break a page or a line of a log.
 */
export function shownOrigin(origin: string | undefined): string {
  if (origin === undefined || origin === '') return 'a page that it does not name';
  if (origin === 'null') return 'a page that hides its origin (null)';
  if (!/^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]+$/i.test(origin)) return 'what is no origin';
  return origin.length > longestShown ? `${origin.slice(0, longestShown - 1)}…` : origin;
}

/** True for `localhost`, the names below it and the loopback addresses, which never leave the machine. RFC 6761 §6.3. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    (host.startsWith('127.') && isIpAddress(host))
  );
}

/** The URL of a string or URL. @throws TypeError when it is not an absolute URL; the text is not repeated, it may hold a secret. */
export function toUrl(url: string | URL): URL {
  if (url instanceof URL) return url;
  const parsed = URL.parse(textOf(url, 'A URL'));
  if (parsed === null)
    throw new TypeError('Not an absolute URL: write it with its scheme, as https://api.example.com/path.');
  return parsed;
}
