/*
 * Inside, what a cookie holds is octets: a character each, U+0000 to U+00FF, as Fetch gives a header. Text becomes octets by
 * UTF-8 where it enters, and text again where people read it. docs/decisions/0025-octets.md.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Larger than nearly every header line. */
const scratch = new Uint8Array(8_192);
const beyondAscii = /[^\x00-\x7f]/;
/** Characters that a pattern has looked at before the encoder, which takes many at once, has begun. Bench row: parse a Set-Cookie line. */
const few = 64;

/** True for text in which characters and octets are the same. */
export function isAscii(text: string): boolean {
  if (text.length <= few || text.length > scratch.length) return !beyondAscii.test(text);
  return encoder.encodeInto(text, scratch).written === text.length;
}

/** The octets of text in UTF-8; half a surrogate pair becomes the three of U+FFFD. */
export function encodeUtf8(text: string): string {
  return isAscii(text) ? text : fromBytes(encoder.encode(text));
}

/** The text that octets are in UTF-8; `undefined` when they are none. */
export function decodeUtf8(octets: string): string | undefined {
  if (isAscii(octets)) return octets;
  if (!holdsOctets(octets)) return undefined;
  try {
    return decoder.decode(toBytes(octets));
  } catch {
    return undefined;
  }
}

/**
 * The octets of a string that a program hands over, which may be either: octets as Fetch gives a header, or text. It is taken
 * as octets where it can be read as UTF-8 octets, and else as text.
 */
export function toOctets(either: string): string {
  return decodeUtf8(either) === undefined ? encodeUtf8(either) : either;
}

/** For people: the text of octets in UTF-8. What is no UTF-8, or is text already, stays as it is. */
export function fromOctets(either: string): string {
  return decodeUtf8(either) ?? either;
}

/** How many octets {@link toOctets} gives. */
export function octetLength(either: string): number {
  return isAscii(either) ? either.length : toOctets(either).length;
}

let headersAreText: boolean | undefined;

/** Fetch says that headers are octets, and `Headers` refuses the rest. workerd reads them as UTF-8, and writes them so. */
function haveHeadersText(): boolean {
  if (headersAreText !== undefined) return headersAreText;
  try {
    headersAreText = new Headers([['x-probe', '\u0100']]).get('x-probe') === '\u0100';
  } catch {
    headersAreText = false;
  }
  return headersAreText;
}

/** The octets of a header as this runtime's `Headers` give it. */
export function octetsOfHeader(value: string): string {
  return isAscii(value) || !haveHeadersText() ? value : encodeUtf8(value);
}

/** Octets as this runtime's `Headers` take them. */
export function headerOfOctets(octets: string): string {
  return isAscii(octets) || !haveHeadersText() ? octets : fromOctets(octets);
}

/** True for a string that may be octets. */
export const holdsOctets = (text: string): boolean => !/[^\x00-\xff]/.test(text);

/** Octets as bytes. */
export function toBytes(octets: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(octets.length);
  for (let at = 0; at < octets.length; at++) bytes[at] = octets.charCodeAt(at);
  return bytes;
}

/** Few enough to be arguments of one call. */
const chunk = 8_192;

/** Bytes as octets. */
export function fromBytes(bytes: Uint8Array): string {
  if (bytes.length <= chunk) return String.fromCharCode(...bytes);
  let octets = '';
  for (let at = 0; at < bytes.length; at += chunk)
    octets += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return octets;
}
