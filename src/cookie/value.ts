import { jsonOf } from '../errors/misuse.ts';
import { percentDecoded } from '../scope/http-syntax.ts';
import { fromOctets } from '../scope/octets.ts';
import type { CookieFormat } from './types.ts';

/** The text of a value, before encoding. @throws TypeError for what no text stands for. */
export function toText(value: unknown, format: CookieFormat, name: string): string {
  if (format === 'json') {
    const text = jsonOf(value, `The value of ${name}`);
    if (text === undefined)
      throw new TypeError(
        `The value of ${name} is ${typeof value}, which JSON cannot write; to remove the cookie use delete().`,
      );
    return text;
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  throw new TypeError(
    `The value of ${name} is ${value === null ? 'null' : typeof value}, not text: define the cookie with format: 'json', or remove it with delete().`,
  );
}

/** The value that a text stands for. @throws SyntaxError for text that is no JSON. */
export function fromText(text: string, format: CookieFormat): unknown {
  return format === 'json' ? JSON.parse(text) : text;
}

/** Characters that stand for themselves: the cookie octets without `%`. rfc6265bis §4.1.1. */
const nothingToEncode = /^[\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/** Any Unicode text as cookie octets, percent-encoded where it has to be. @throws TypeError for half a surrogate pair. */
export function encodeValue(text: string, name: string): string {
  if (nothingToEncode.test(text)) return text;
  try {
    return encodeURIComponent(text);
  } catch {
    throw new TypeError(
      `The value of ${name} holds half a surrogate pair, which is no Unicode: pass value.toWellFormed().`,
    );
  }
}

const somethingToDecode = /[%\x80-\uffff]/;

/** The text of a value as it came: octets are read as UTF-8, and what is percent-encoded is decoded. Never throws. */
export function decodeValue(raw: string): string {
  return somethingToDecode.test(raw) ? percentDecoded(fromOctets(raw)) : raw;
}
