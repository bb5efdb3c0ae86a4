import { isLoopback, isWeb, toUrl } from '../scope/origin.ts';
import { isSecureTransport } from '../scope/release.ts';

/** What finding cookies needs to know of a URL. */
interface RequestUrl {
  /** As `URL.hostname` writes it. */
  readonly host: string;
  /** As `URL.pathname` writes it. */
  readonly path: string;
  readonly secure: boolean;
}

/** Reads a URL. Plain ones are scanned, which costs a third of a `URL`. Bench row: Cookie header out of 1,000 cookies. @throws TypeError for what is no absolute URL of http or https. */
export function readRequestUrl(url: string | URL, secureOnLoopback: boolean): RequestUrl {
  const plain = typeof url === 'string' ? scan(url, secureOnLoopback) : undefined;
  if (plain !== undefined) return plain;
  const parsed = toWebUrl(url);
  return {
    host: parsed.hostname,
    path: parsed.pathname,
    secure: isSecureTransport(parsed, { secureOnLoopback }),
  };
}

/** The URL of a request that can carry cookies. @throws TypeError for what is none. */
export function toWebUrl(url: string | URL): URL {
  const parsed = toUrl(url);
  if (isWeb(parsed)) return parsed;
  throw new TypeError(
    `A jar keeps cookies of http and https, and this URL begins with ${parsed.protocol}: for a WebSocket write http or https.`,
  );
}

/** Reads a URL that is in its canonical form already; `undefined` where only the URL parser knows. */
function scan(url: string, secureOnLoopback: boolean): RequestUrl | undefined {
  const https = url.startsWith('https://');
  if (!https && !url.startsWith('http://')) return undefined;
  const start = https ? 8 : 7;
  const hostEnd = endOfHost(url, start);
  if (hostEnd === -1) return undefined;
  const pathStart = url.charCodeAt(hostEnd) === 0x3a /* : */ ? endOfPort(url, hostEnd + 1) : hostEnd;
  if (pathStart === -1) return undefined;
  const pathEnd = endOfPath(url, pathStart);
  if (pathEnd === -1) return undefined;
  const host = url.slice(start, hostEnd);
  return {
    host,
    path: pathEnd === pathStart ? '/' : url.slice(pathStart, pathEnd),
    secure: https || (secureOnLoopback && isLoopback(host)),
  };
}

/** Lower-case labels only; the last one starts with a letter, so it is no IPv4 address in disguise; no A-labels, which need checking. */
function endOfHost(url: string, start: number): number {
  let label = start;
  let at = start;
  for (; at < url.length; at++) {
    const unit = url.charCodeAt(at);
    if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39)) continue;
    if (unit === 0x2d /* - */) {
      if (at === label + 3) return -1;
      continue;
    }
    if (unit !== 0x2e /* . */) break;
    if (at === label) return -1;
    label = at + 1;
  }
  const first = url.charCodeAt(label);
  return at > label && first >= 0x61 && first <= 0x7a ? at : -1;
}

function endOfPort(url: string, start: number): number {
  let at = start;
  while (at < url.length && url.charCodeAt(at) >= 0x30 && url.charCodeAt(at) <= 0x39) at++;
  return at > start && at - start < 5 ? at : -1;
}

/** -1 for a path that a URL would rewrite: dot segments, backslashes, and what is percent-encoded. */
function endOfPath(url: string, start: number): number {
  for (let at = start; at < url.length; at++) {
    const unit = url.charCodeAt(at);
    if (unit === 0x2f /* / */) {
      const next = url.charCodeAt(at + 1);
      if (next === 0x2e /* . */ || next === 0x25 /* % */) return -1;
      continue;
    }
    if (at === start || unit === 0x3f /* ? */ || unit === 0x23 /* # */) {
      return unit === 0x3f || unit === 0x23 ? at : -1;
    }
    const plain =
      (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x2d && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a);
    if (!plain && unit !== 0x25 && unit !== 0x5f && unit !== 0x7e && unit !== 0x3d && unit !== 0x26)
      return -1;
  }
  return url.length;
}
