import type { JourneyName } from 'hallpass';
import type { Question } from './judge.ts';

/** Longer fragments are cut by what people send links with. */
const longestLink = 16_000;

/** A text so long makes no link. */
const longestText = 1_000_000;

const mask = '•••';

/** What a link holds, in its fragment, which no browser sends to a server; `''` for what makes none. @param showValues false: values are masked */
export function fragmentOf({ text, from, journey }: Question, showValues: boolean): string {
  if (text === '' || text.length > longestText) return '';
  const fields = new URLSearchParams({ text: showValues ? text : maskedText(text) });
  if (from) fields.set('from', showValues ? from : from.replace(/[?#].*$/, ''));
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

/** Headers whose value is told to whom it is meant for only. */
const secretHeader = /^(?:proxy-)?authorization$|key|token|secret/i;

/** The text without the values of cookies, tokens and queries: what decides stands beside them. */
export function maskedText(text: string): string {
  const trimmed = text.trimStart();
  if (trimmed.startsWith('{') && /"log"\s*:/.test(trimmed)) return maskedHar(text) ?? '';
  const isCurl = /^> [A-Z]+ \S+ HTTP\//m.test(text);
  return text
    .split('\n')
    .map(isCurl ? maskedCurlLine : maskedLine)
    .join('\n');
}

/** Of what `curl -v` prints stays what decides, as of a HAR file: the rest tells values in too many ways. */
function maskedCurlLine(line: string): string {
  if (/^\* (?:Connected|Established connection) to |^< HTTP\/|^[<>]\s*$/.test(line)) return line;
  const request = /^> [A-Z]+ [^\s?]*(?=\?|\s)/.exec(line);
  if (request !== null) return line.replace(/\?\S*/, `?${mask}`);
  const [, head = '', name = '', value = ''] = /^([<>] ([\w-]+):\s*)(.*)$/s.exec(line) ?? [];
  if (head === '') return '';
  return head + (decisive.test(name) ? maskedHeader(name.toLowerCase(), value) : mask);
}

function maskedLine(line: string): string {
  const [, head = '', name = '', value = ''] = /^((?:[<>]\s*)?([\w-]+)\s*:\s*)(.*)$/s.exec(line) ?? [];
  const header = name.toLowerCase();
  if (header === 'set-cookie') return head + maskedSetCookie(value);
  if (header === 'cookie' && !/^[{[]/.test(value)) return head + maskedCookies(value);
  if (header === 'location') return withoutUser(head + value.replace(/\?.*$/s, `?${mask}`));
  if (secretHeader.test(name) && value !== '') return head + mask;
  const bare = /^(\s*[^=;\s{('"<>*]+)=([^;\r]*)(.*)$/s.exec(line);
  if (bare !== null) return `${bare[1]}=${maskedValue(bare[2]!)}${bare[3]}`;
  return withoutUser(maskedLiterals(line).replace(/^(>?\s*[A-Z]+ [^\s?]*)\?\S*/, `$1?${mask}`));
}

const withoutUser = (line: string) => line.replaceAll(/\b(https?:\/\/)[^\s/@'"]*@/gi, '$1');

/** What a program writes as a value: behind the name of a cookie, and under a name that sounds of a secret. */
const maskedLiterals = (line: string) =>
  line
    .replaceAll(
      /\b(\w+)(\(\s*(?:'[^']*'|"[^"]*")\s*,\s*)(?:'[^']*'|"[^"]*"|`[^`]*`)/g,
      (all, name: string, head: string) => (/cookie/i.test(name) ? `${name}${head}'${mask}'` : all),
    )
    .replaceAll(
      /\b(\w+)(['"]?\s*:\s*(?:\[\s*)?)(?:'[^']*'|"[^"]*"|`[^`]*`)/g,
      (all, name: string, head: string) =>
        /^value$|pass|key|token|secret/i.test(name) ? `${name}${head}'${mask}'` : all,
    );

/** A long value stays long, for a cookie that is too large is refused for it. */
const maskedValue = (value: string) =>
  value.length > 1_000 ? 'x'.repeat(value.length) : value === '' ? '' : mask;

function maskedPair(pair: string): string {
  const split = pair.indexOf('=');
  return split === -1 ? mask : `${pair.slice(0, split)}=${maskedValue(pair.slice(split + 1))}`;
}

const maskedSetCookie = (line: string) => line.replace(/^[^;\r]*/, maskedPair);

const maskedCookies = (line: string) =>
  line
    .split(';')
    .map((pair) => maskedPair(pair))
    .join(';');

type Named = { name?: unknown; value?: unknown };

/** A HAR file with the few fields that decide. */
function maskedHar(text: string): string | undefined {
  try {
    const { log } = JSON.parse(text);
    const entries = (log.entries as { startedDateTime?: string; request: never; response: never }[]).map(
      ({ startedDateTime, request, response }) => ({
        startedDateTime,
        request: sideOf(request),
        response: sideOf(response),
      }),
    );
    return JSON.stringify({ log: { version: '1.2', entries } });
  } catch {
    return undefined;
  }
}

/** Headers that decide about cookies. All others stay behind. */
const decisive =
  /^(?:cookie|set-cookie|authorization|origin|referer|location|host|date|cache-control|sec-fetch-\w+|access-control-[\w-]+)$/i;

function sideOf(side: { method?: string; url?: string; status?: number; headers?: Named[] }): object {
  const { method, url, status, headers = [] } = side;
  return {
    method,
    url: url?.replace(/[?#].*$/, '').replace(/\/\/[^/@]*@/, '//'),
    status,
    headers: headers.flatMap(({ name, value }) => {
      if (typeof name !== 'string' || typeof value !== 'string' || !decisive.test(name)) return [];
      return [{ name, value: maskedHeader(name.toLowerCase(), value) }];
    }),
  };
}

function maskedHeader(name: string, value: string): string {
  if (name === 'cookie') return maskedCookies(value);
  if (name === 'authorization') return mask;
  if (name === 'set-cookie') return value.split('\n').map(maskedSetCookie).join('\n');
  return name === 'location' || name === 'referer' ? withoutUser(value.replace(/[?#].*$/s, '')) : value;
}
