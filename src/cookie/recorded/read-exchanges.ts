import { expectType } from '../../errors/misuse.ts';
import { toUrl } from '../../scope/origin.ts';
import type { RecordedExchange } from './exchange.ts';
import { readCurl } from './read-curl.ts';
import { readDefinition } from './read-definition.ts';
import { readHar } from './read-har.ts';

/** What a text was taken for. */
export type RecordingKind = 'har' | 'curl' | 'definition' | 'set-cookie';

/** What could be read of a text. */
export interface Recording {
  readonly kind: RecordingKind;
  readonly exchanges: readonly RecordedExchange[];
}

/**
 * Reads what people paste: a HAR file, what `curl -v` printed, the options of a cookie as a program writes them, or Set-Cookie
 * lines. `undefined` for none of these. Nothing of the text is run, and nothing throws for it.
 *
 * @param url where a line, or the cookie of these options, comes from; the others say so themselves
 * @example
 * ```ts
 * import { readExchanges } from 'hallpass';
 *
 * console.log(readExchanges('Set-Cookie: id=1; Path=/')?.kind); // → set-cookie
 * console.log(readExchanges("defineCookie('id', { path: '/' })")?.kind); // → definition
 * ```
 */
export function readExchanges(text: string, url?: string | URL): Recording | undefined {
  expectType(text, 'string', 'The text of readExchanges(text, url)');
  const from = url === undefined ? undefined : toUrl(url);
  const har = readHar(text);
  if (har !== undefined) return { kind: 'har', exchanges: har };
  const curl = /^[<>*] /m.test(text) ? readCurl(text) : undefined;
  if (curl !== undefined) return { kind: 'curl', exchanges: curl };
  const lines = setCookieLines(text);
  if (lines.length > 0) return { kind: 'set-cookie', exchanges: [exchangeOf(lines, from)] };
  const line = readDefinition(text);
  if (line !== undefined) return { kind: 'definition', exchanges: [exchangeOf([line], from)] };
  const plain = text.trim();
  const isLine = plain !== '' && !plain.includes('\n') && /[=;]/.test(plain);
  return isLine ? { kind: 'set-cookie', exchanges: [exchangeOf([plain], from)] } : undefined;
}

/** The values of lines that begin with the name of the header. */
const setCookieLines = (text: string) =>
  text.split('\n').flatMap((line) => /^\s*set-cookie:(.*)$/i.exec(line)?.[1]?.trim() ?? []);

/** An answer that sets these cookies, and of which nothing else is known. */
const exchangeOf = (lines: readonly string[], url: URL | undefined): RecordedExchange => ({
  ...(url !== undefined && { url }),
  responseHeaders: lines.map((line) => ['set-cookie', line] as const),
});
