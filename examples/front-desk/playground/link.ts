import {
  type JourneyName,
  lintExchanges,
  lintSetCookie,
  type RecordedExchange,
  type RecordedHeader,
  readExchanges,
} from 'hallpass';
import type { Question } from './judge.ts';

/** Longer fragments are cut by what people send links with. */
const longestLink = 16_000;

/** A text so long makes no link. */
const longestText = 1_000_000;

/** Stands for a value. No character of it decides anything. */
const mask = 'masked';

/** What a link holds, in its fragment, which no browser sends to a server; `''` for what makes none. @param showValues false: values are masked */
export function fragmentOf({ text, from, journey }: Question, showValues: boolean): string {
  if (text === '' || text.length > longestText) return '';
  const shown = showValues ? text : maskedText(text);
  if (shown === '') return '';
  const fields = new URLSearchParams({ text: shown });
  const place = showValues || !from ? from : URL.canParse(from) ? placeOf(from) : undefined;
  if (place) fields.set('from', place);
  if (journey) fields.set('journey', journey);
  const fragment = `#${fields}`;
  return fragment.length > longestLink ? '' : fragment;
}

/** The question of a link. Whatever it holds is text. */
export function questionOf(fragment: string): Question | undefined {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = fields.get('text');
  if (text === null || text === '') return undefined;
  const journey = fields.get('journey') as JourneyName | null;
  return { text, from: fields.get('from') ?? '', ...(journey && { journey }) };
}

/**
 * The text without the values of cookies, tokens and queries. It is not what was pasted with holes in it, for values stand in more
 * places than anybody lists: it is written anew from what was read of it, as far as that decides. `''` for what is nothing.
 */
export function maskedText(text: string): string {
  const recording = readExchanges(text);
  if (recording === undefined) return '';
  const { kind, exchanges } = recording;
  const known: Known = { names: namesIn(exchanges), misspelt: new Map() };
  const headerLine = (line: string) => `Set-Cookie: ${maskedSetCookie(line, known)}`;
  switch (kind) {
    case 'har':
      return harOf(exchanges, known);
    case 'curl':
      return enoughOf(exchanges, (exchange) => [curlOf(exchange, known)]).join('\n');
    case 'set-cookie':
      return enoughOf(linesIn(exchanges), (line) => [headerLine(line)]).join('\n');
    case 'definition':
      return linesIn(exchanges).map(nameless).map(headerLine).join('\n');
  }
}

/** What is shown of them, up to where it makes no link any more: what follows need not be looked at. */
function enoughOf<Item, Shown extends string | RecordedHeader>(
  items: readonly Item[],
  show: (item: Item) => readonly Shown[],
): Shown[] {
  const shown: Shown[] = [];
  let length = 0;
  for (const item of items) {
    if (length > longestLink) break;
    for (const one of show(item)) {
      shown.push(one);
      length += [one].flat().join('').length;
    }
  }
  return shown;
}

/** What is known of the text while it is masked. */
interface Known {
  readonly names: ReadonlySet<string>;
  /** Attributes that were looked up, and whether the lint sees in them one that was meant. */
  readonly misspelt: Map<string, boolean>;
}

/** Of more unknown attributes nobody looks up what was meant. */
const mostLookedUp = 100;

/** What is a cookie's name for certain: a value stands behind it. Before `=` alone a value may stand, in base64 with its padding. */
function namesIn(exchanges: readonly RecordedExchange[]): ReadonlySet<string> {
  const headers = exchanges.flatMap(({ requestHeaders = [], responseHeaders = [] }) => [
    ...requestHeaders,
    ...responseHeaders,
  ]);
  const pairs = headers.flatMap(([name, value]) => {
    if (name.toLowerCase() === 'cookie') return value.split(';');
    return name.toLowerCase() === 'set-cookie' ? value.split(';', 1) : [];
  });
  return new Set(pairs.flatMap((pair) => /^([^=]*)=\s*[^\s=]/.exec(pair)?.[1]?.trim() ?? []));
}

const linesIn = (exchanges: readonly RecordedExchange[]) =>
  exchanges.flatMap(({ responseHeaders = [] }) => responseHeaders.map(([, line]) => line));

/** The first text of a program is taken for the name, and may be a value where the name is none: of it the prefix alone decides. */
const nameless = (line: string) =>
  line.replace(
    /^(__(?:secure|host-http|host|http)-)?[^;]*?=value(?=;|$)/i,
    (_, prefix = '') => `${prefix}cookie=value`,
  );

function harOf(exchanges: readonly RecordedExchange[], known: Known): string {
  const pairs = (headers: readonly RecordedHeader[] = []) =>
    maskedHeaders(headers, known).map(([name, value]) => ({ name, value }));
  const entryOf = ({
    url,
    method = 'GET',
    status,
    time,
    requestHeaders,
    responseHeaders,
  }: RecordedExchange) => ({
    ...(time !== undefined && { startedDateTime: new Date(time).toISOString() }),
    request: { method: wordOf(method), url: placeOf(url?.href ?? ''), headers: pairs(requestHeaders) },
    response: { status: status ?? 0, headers: pairs(responseHeaders) },
  });
  const entries = enoughOf(exchanges, (exchange) => [JSON.stringify(entryOf(exchange))]);
  return `{"log":{"version":"1.2","entries":[${entries.join(',')}]}}`;
}

function curlOf(exchange: RecordedExchange, known: Known): string {
  const { url, method = 'GET', status, requestHeaders = [], responseHeaders = [] } = exchange;
  const { hostname = '', port = '', protocol = '' } = url ?? {};
  const pathname = url === undefined ? '/' : new URL(shownUrl(url)).pathname;
  const isSecure = protocol === 'https:';
  const lines = (mark: string, headers: readonly RecordedHeader[]) =>
    maskedHeaders(headers, known).map(([name, value]) => `${mark} ${name}: ${value}`);
  return [
    `* Connected to ${hostname} (192.0.2.1) port ${port || (isSecure ? 443 : 80)}`,
    ...(isSecure && port !== '' ? ['* SSL connection using TLS'] : []),
    `> ${wordOf(method)} ${pathname} HTTP/1.1`,
    `> Host: ${url?.host ?? ''}`,
    ...lines(
      '>',
      requestHeaders.filter(([name]) => !/^(?:host|:authority)$/i.test(name)),
    ),
    '>',
    ...(status === undefined ? [] : [`< HTTP/1.1 ${status}`, ...lines('<', responseHeaders), '<']),
  ].join('\n');
}

const wordOf = (method: string) => (/^[a-z]{1,20}$/i.test(method) ? method : 'GET');

/** Headers that decide about cookies, each with what of its value does. All others stay behind. */
const decisive: Readonly<Record<string, (value: string, known: Known) => string>> = {
  cookie: (value, known) =>
    value
      .split(';')
      .map((pair) => maskedPair(pair, known))
      .join(';'),
  'set-cookie': (value, known) => maskedSetCookie(value, known),
  authorization: () => mask,
  origin: (value) => originOf(value),
  host: (value) => (/^[\w.:[\]-]+$/.test(value) ? value : mask),
  referer: (value) => placeOf(value),
  location: (value) => placeOf(value),
  date: (value) => dateOf(value),
  'user-agent': (value) => (value.startsWith('curl/') ? 'curl/' : mask),
  'content-type': (value) => /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(value)?.[0] ?? mask,
  'access-control-allow-origin': (value) => (value === '*' ? value : originOf(value)),
};

function maskedHeaders(headers: readonly RecordedHeader[], known: Known): RecordedHeader[] {
  return enoughOf(headers, ([name, value]): RecordedHeader[] => {
    const key = name.toLowerCase();
    if (Object.hasOwn(decisive, key)) return [[key, decisive[key]!(value, known)]];
    const isWords = /^(?:cache-control|sec-fetch-\w+|access-control-[\w-]+)$/.test(key);
    return isWords ? [[key, /^[\w ,*=-]{0,300}$/.test(value) ? value : mask]] : [];
  });
}

/** Of a URL what decides: origin and path. What is none is masked. */
function placeOf(text: string): string {
  const nowhere = 'http://nowhere.invalid';
  const url = URL.parse(text, nowhere);
  if (url === null || !/^https?:$/.test(url.protocol)) return mask;
  return url.origin === nowhere ? shownUrl(url).slice(nowhere.length) : shownUrl(url);
}

/** A URL as the lint shows it: without user and query, the parameters of its path masked. */
const shownUrl = (url: URL) => lintExchanges([{ url }])[0]!.url!;

const originOf = (text: string) => (text === 'null' ? text : (URL.parse(text)?.origin ?? mask));

function dateOf(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? mask : new Date(time).toUTCString();
}

/** A short word as it is, but for what looks drawn by lot; of another its kind: letters and digits are blotted out, and what is wrong with it stays. */
const maskedName = (name: string) =>
  /^\s*[\w!#$%&*+.^|~-]{0,80}\s*$/.test(name)
    ? name.replaceAll(/[A-Za-z0-9]{16,}/g, (run) => (/\d/.test(run) ? blotted(run) : run))
    : blotted(name);

const blotted = (text: string) =>
  text.replaceAll(/[\p{L}\p{N}]/gu, (character) => (character < '\x80' ? 'x' : 'é'));

/** Of what may be a value the prefix alone decides. */
const maskedLoneName = (text: string) =>
  text.replace(
    /^(\s*(?:__(?:secure|host-http|host|http)-)?)(.*)$/is,
    (_, kept, rest) => kept + blotted(rest),
  );

/** A long value stays long, for a cookie that is too large is refused for it. */
const maskedValue = (value: string) =>
  value.length > 1_000 ? 'x'.repeat(value.length) : value === '' ? '' : mask;

function maskedPair(pair: string, known: Known): string {
  const split = pair.indexOf('=');
  if (split === -1) return mask;
  const [name, value] = [pair.slice(0, split), pair.slice(split + 1)];
  const isName = known.names.has(name.trim());
  return `${isName ? maskedName(name) : maskedLoneName(name)}=${maskedValue(value)}`;
}

/** A comma and what looks like the next cookie, as where several lines were joined: that there is one decides. */
const nextPair = /,[ \t]*[\w!#$%&*+.^|~-]+=/;
const withNextPair = (part: string, masked: (own: string) => string) => {
  const at = part.search(nextPair);
  return at === -1 ? masked(part) : `${masked(part.slice(0, at))}, other=${mask}`;
};

/** What of an attribute's value decides. Of a flag that is: that there is one. */
const attributeValues = new Map<string, RegExp>(
  Object.entries({
    domain: /^[\w.:[\]\p{L}-]{0,255}$/u,
    path: /^[^?#;\s]{0,2000}$/,
    samesite: /^(?:strict|lax|none)?$/i,
    priority: /^(?:low|medium|high)$/i,
    'max-age': /^[+-]{0,2}\d{0,20}$/,
    expires:
      /^(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|gmt|utc|[tz\d\s,:./+-])*$/i,
  }),
);
const flags: readonly string[] = ['secure', 'httponly', 'partitioned'];

function maskedAttribute(part: string, known: Known): string {
  const [, head = '', written = '', equals = '', value = ''] = /^(\s*)([^=]*)(=?)(.*)$/s.exec(part) ?? [];
  const key = written.trim().toLowerCase();
  const allowed = attributeValues.get(key);
  if (part.trim() === '') return head;
  if (allowed === undefined && !flags.includes(key) && !isMisspelt(written, known)) return `${head}${mask}`;
  if (equals === '') return head + written;
  const isKept = allowed?.test(value.trim()) ?? false;
  return `${head}${written}=${isKept ? value : maskedValue(value)}`;
}

/** True for a name in which the lint sees the one that was meant. */
function isMisspelt(written: string, { misspelt }: Known): boolean {
  const found = misspelt.get(written);
  if (found !== undefined) return found;
  if (written.length < 3 || written.length >= 20 || misspelt.size >= mostLookedUp) return false;
  const is = lintSetCookie(`a=1; ${written}`).some(({ code }) => code === 'attribute-misspelt');
  misspelt.set(written, is);
  return is;
}

function maskedSetCookie(line: string, known: Known): string {
  const [pair = '', ...attributes] = line.split(';');
  const shown = attributes
    .slice(0, 100)
    .map((part) => withNextPair(part, (own) => maskedAttribute(own, known)));
  return [withNextPair(pair, (own) => maskedPair(own, known)), ...shown].join(';');
}
