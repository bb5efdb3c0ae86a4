import type { HeaderPair } from './headers.ts';

/** The options of fetch that are a word out of a list; undefined stands for each default. Fetch §5.4. */
const words: Readonly<Record<string, readonly unknown[]>> = {
  mode: ['cors', 'no-cors', 'same-origin'],
  credentials: ['omit', 'same-origin', 'include'],
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache'],
  redirect: ['follow', 'error', 'manual'],
  referrerPolicy: [
    '',
    'no-referrer',
    'no-referrer-when-downgrade',
    'same-origin',
    'origin',
    'strict-origin',
    'origin-when-cross-origin',
    'strict-origin-when-cross-origin',
    'unsafe-url',
  ],
  priority: ['high', 'low', 'auto'],
  duplex: ['half'],
  window: [null],
};

/** The methods that a page may send anywhere. Fetch §2.2.1. */
const isSafelisted = (method: string) => /^(?:GET|HEAD|POST)$/i.test(method);

/** What says that a request has no referrer, which a program's never has. */
const noReferrer: readonly unknown[] = [undefined, '', 'about:client', 'no-referrer'];

/**
 * Options that concern a page's rules (`mode`, `referrerPolicy`, `keepalive`, `priority`) are taken and change nothing, as with a fetch on Node.
 * @throws TypeError for what a fetch would refuse, and for what it would do and this client cannot.
 */
export function checkFetchOptions(init: RequestInit, request: Request | undefined): void {
  for (const name in init) {
    const allowed = Object.hasOwn(words, name) ? words[name] : undefined;
    const value: unknown = Reflect.get(init, name);
    if (allowed !== undefined && value !== undefined && !allowed.includes(value))
      throw new TypeError(
        `${name} is ${allowed.map((word) => (word === null ? 'null' : `'${word}'`)).join(' or ')}.`,
      );
  }
  if ((init.mode ?? request?.mode) === 'no-cors' && !isSafelisted(init.method ?? request?.method ?? 'GET'))
    throw new TypeError(
      "mode 'no-cors' takes GET, HEAD and POST: leave it out, it means nothing to a program.",
    );
  if (Reflect.get(init, 'dispatcher') !== undefined)
    throw new TypeError(
      'A dispatcher belongs to the transport, not to one call: write createClient({ transport: undiciTransport({ dispatcher }) }).',
    );
  if (!noReferrer.includes(init.referrer === undefined ? request?.referrer : init.referrer))
    throw new TypeError('A program that names a referrer writes the header: headers: { referer: url }.');
}

const noCache: HeaderPair = ['cache-control', 'no-cache'];

/** What a `cache` asks of the caches on the way. Fetch §4.5, "HTTP-network-or-cache fetch". */
const cacheHeaders: Readonly<Record<string, readonly HeaderPair[]>> = {
  'no-store': [['pragma', 'no-cache'], noCache],
  reload: [['pragma', 'no-cache'], noCache],
  'no-cache': [['cache-control', 'max-age=0']],
};

/** The headers for a `cache`, without those that the caller wrote. */
export function headersOfCache(
  cache: RequestCache | undefined,
  written: readonly HeaderPair[],
): readonly HeaderPair[] {
  const headers = cacheHeaders[cache ?? 'default'];
  if (headers === undefined) return none;
  return headers.filter(([name]) => !written.some((pair) => pair[0] === name));
}

const none: readonly HeaderPair[] = [];
