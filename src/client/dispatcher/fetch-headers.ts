import type { WireRequest } from '../transport/transport.ts';
import type { Upload } from '../transport/upload.ts';

/** Every header of a request as Node's fetch would send it: the call's, and what Fetch adds to them (§4.4 and §4.5). */
export function fetchHeaders(
  { url, headers }: WireRequest,
  upload: Upload | undefined,
): Record<string, string> {
  const all: Record<string, string> = {};
  let conditional = false;
  for (const [name, value] of headers) {
    all[name] = value;
    if (name.startsWith('if-')) conditional ||= conditions.has(name);
  }
  if (upload?.type !== undefined) all['content-type'] ??= upload.type;
  all.accept ??= '*/*';
  all['accept-language'] ??= '*';
  if (upload?.length !== undefined) all['content-length'] = String(upload.length);
  all['sec-fetch-mode'] = 'cors';
  all['user-agent'] ??= 'node';
  if (conditional) {
    all.pragma ??= 'no-cache';
    all['cache-control'] ??= 'no-cache';
  }
  all['accept-encoding'] ??=
    all.range !== undefined ? 'identity' : url.startsWith('https:') ? codingsOverTls : 'gzip, deflate';
  return all;
}

/** What makes Fetch pass by a cache (§4.5, step 8.13). */
const conditions = new Set([
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'if-match',
  'if-range',
]);

/** What this Node's fetch decodes. */
const codingsOverTls =
  Number(globalThis.process?.versions?.undici?.split('.', 1)[0]) >= 8
    ? 'br, gzip, deflate, zstd'
    : 'br, gzip, deflate';
