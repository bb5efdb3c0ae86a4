import type { RecordedExchange, RecordedHeader } from './exchange.ts';

type Entry = {
  startedDateTime?: unknown;
  request?: { method?: unknown; url?: unknown; headers?: unknown };
  response?: { status?: unknown; headers?: unknown };
};

/** The exchanges of a HAR file, version 1.2, in the order of their times; `undefined` for what is none. */
export function readHar(text: string): RecordedExchange[] | undefined {
  let entries: unknown;
  try {
    entries = JSON.parse(text).log.entries;
  } catch {
    return undefined; // What stands in the file may be secret, so the cause is not told.
  }
  if (!Array.isArray(entries)) return undefined;
  const exchanges = entries.flatMap(readEntry);
  return exchanges.sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
}

/**
 * An entry without a web URL, as of an extension, is none. One without headers, as of a request that failed, has no answer. What is
 * not of the type that the format says counts as unsaid: nothing is converted, for what a file holds may refuse that.
 */
function readEntry(entry: Entry | null): RecordedExchange[] {
  const { request, response, startedDateTime } = entry ?? {};
  const url = typeof request?.url === 'string' ? URL.parse(request.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return [];
  const status = Number.isSafeInteger(response?.status) ? (response?.status as number) : 0;
  const time = typeof startedDateTime === 'string' ? Date.parse(startedDateTime) : Number.NaN;
  return [
    {
      url,
      method: typeof request?.method === 'string' ? request.method.toUpperCase() : 'GET',
      ...(status > 0 && { status }),
      ...(!Number.isNaN(time) && { time }),
      requestHeaders: readHeaders(request?.headers),
      responseHeaders: readHeaders(response?.headers),
    },
  ];
}

/** Chromium writes several Set-Cookie lines as one value with line ends in it. */
function readHeaders(list: unknown): RecordedHeader[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((header: { name?: unknown; value?: unknown } | null): RecordedHeader[] => {
    const { name, value } = header ?? {};
    if (typeof name !== 'string' || typeof value !== 'string') return [];
    const isSetCookie = name.toLowerCase() === 'set-cookie';
    return isSetCookie ? value.split('\n').map((line) => [name, line]) : [[name, value]];
  });
}
