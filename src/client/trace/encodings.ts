/** How often a text is decoded in search of a secret. Who encodes more often has something to hide. */
const mostDecodings = 8;
/** How many characters all decodings of one text may have: who writes one that grows beyond that has something to hide too. */
const mostCharacters = 1 << 18;

/**
 * A text as it stands, and all that can be read in it by undoing escapes, base64 and hexadecimal, in any order and inside one another.
 * `bottomless`: it could be decoded still further.
 */
export function readings(text: string): { readonly texts: readonly string[]; readonly bottomless: boolean } {
  const texts = new Set([text]);
  let characters = 0;
  let last = [text];
  for (let depth = 0; depth <= mostDecodings; depth++) {
    const next = [...new Set(last.flatMap(decodings))].filter((decoded) => !texts.has(decoded));
    if (next.length === 0) return { texts: [...texts], bottomless: false };
    for (const decoded of next) {
      texts.add(decoded);
      characters += decoded.length;
    }
    if (characters > mostCharacters) break;
    last = next;
  }
  return { texts: [...texts], bottomless: true };
}

/** What a text says when it is decoded once: as a whole without its escapes, and the parts of it that are base64 or hexadecimal. */
function decodings(text: string): readonly string[] {
  const found = text.includes('%') ? [unescaped(text, asUtf8), unescaped(text, asLatin1)] : [];
  // Where the first octet begins nobody can tell.
  for (const [run] of text.matchAll(base64Run))
    for (let from = 0; from < 4; from++) addReadable(fromDigits(run, from, 6), found);
  for (const [run] of text.matchAll(hexRun))
    for (let from = 0; from < 2; from++) addReadable(fromDigits(run, from, 4), found);
  return found;
}

/** What is shorter is to be found in any base64, and stands for nothing in a URL. */
const shortestEncoded = 8;
/** Of both alphabets, and long enough to hold that many octets. */
const base64Run = /[A-Za-z\d+/_-]{11,}/g;
const hexRun = /[\da-f]{16,}/gi;

/** What each character stands for, by its code. */
const digitsOf = (...alphabets: string[]): Uint8Array => {
  const digits = new Uint8Array(128);
  for (const alphabet of alphabets)
    for (let digit = 0; digit < alphabet.length; digit++) digits[alphabet.charCodeAt(digit)] = digit;
  return digits;
};
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const digits = {
  6: digitsOf(`${letters}+/`, `${letters}-_`),
  4: digitsOf('0123456789abcdef', '0123456789ABCDEF'),
};

/** The octets that characters of so many bits each spell. */
function fromDigits(run: string, from: number, bits: 4 | 6): Uint8Array {
  const table = digits[bits];
  const octets = new Uint8Array(((run.length - from) * bits) >> 3);
  let held = 0;
  let heldBits = 0;
  let length = 0;
  for (let at = from; at < run.length; at++) {
    held = (held << bits) | (table[run.charCodeAt(at)] as number);
    heldBits += bits;
    if (heldBits < 8) continue;
    heldBits -= 8;
    octets[length++] = held >> heldBits;
    held &= (1 << heldBits) - 1;
  }
  return octets;
}

/** Adds the parts of some octets that are text: nearly none are, where a reader began in the wrong place or what he read is no code at all. */
function addReadable(octets: Uint8Array, to: string[]): void {
  let start = 0;
  for (let at = 0; at <= octets.length; ) {
    const length = at < octets.length ? characterLength(octets, at) : 0;
    at += length;
    if (length > 0) continue;
    if (at - start >= shortestEncoded) to.push(new TextDecoder().decode(octets.subarray(start, at)));
    at += 1;
    start = at;
  }
}

/** How many octets the character of UTF-8 takes that begins here; 0 for a control character and for what is none. */
function characterLength(octets: Uint8Array, at: number): number {
  const first = octets[at] as number;
  if (first < 0x80) return (first >= 0x20 && first !== 0x7f) || first === 0x09 ? 1 : 0;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let next = 1; next < length; next++) if (((octets[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Every escape undone, whatever stands beside it: some read octets as UTF-8, some as a character each. */
function unescaped(text: string, read: (octets: Uint8Array) => string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) =>
    read(Uint8Array.from(escapes.slice(1).split('%'), hex)),
  );
}

const hex = (digits: string) => Number.parseInt(digits, 16);
const asUtf8 = (octets: Uint8Array) => new TextDecoder().decode(octets);
const asLatin1 = (octets: Uint8Array) => Array.from(octets, (octet) => String.fromCharCode(octet)).join('');

/** True when one of the readings of a text holds the value. A `+` may be a blank, as forms write it. */
export const isIn = (texts: readonly string[], value: string): boolean =>
  texts.some(
    (text) => text.includes(value) || (text.includes('+') && text.replaceAll('+', ' ').includes(value)),
  );

/** The longest parts of a text that can be a code, escaped or not: without slashes, which delimit in a URL, and with them. */
export const codes: readonly RegExp[] = [
  /(?:[\w+-]|%[\da-f]{2})+={0,2}/gi,
  /(?:[\w+/-]|%[\da-f]{2})+={0,2}/gi,
];

/** Finds a value with each of its characters escaped or not, as often as anybody likes, or in base64. */
export function encodings(value: string): string {
  const characters = Array.from(value, (char) => {
    const escapes = [escapesOf(utf8.encode(char))];
    const code = char.charCodeAt(0);
    if (code > 0x7f && code < 0x100) escapes.push(escapesOf([code]));
    if (char === ' ') escapes.push('\\+');
    return `(?:${[literal(char), ...escapes].join('|')})`;
  });
  return [characters.join(''), ...inBase64(value).map((form) => Array.from(form, literal).join(''))].join(
    '|',
  );
}

const utf8 = new TextEncoder();

const literal = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** A pattern for octets that are escaped, also when the `%` is escaped in its turn. */
const escapesOf = (octets: Iterable<number>) =>
  Array.from(octets, (octet) => {
    const hex = octet.toString(16).padStart(2, '0');
    return `%(?:25)*${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
  }).join('');

/** What is to be seen of a value in the base64 of a text that holds it: three forms by where it begins, and as many of base64url. */
function inBase64(value: string): readonly string[] {
  const octets = utf8.encode(value);
  if (octets.byteLength < shortestEncoded) return [];
  const forms = [0, 1, 2].map((before) => {
    const whole = btoa(String.fromCharCode(...new Uint8Array(before), ...octets));
    // The first and the last characters are shared with what stands beside it.
    const from = before === 0 ? 0 : before + 1;
    const shared = (before + octets.byteLength) % 3;
    return whole.replace(/=+$/, '').slice(from, shared === 0 ? undefined : -1);
  });
  return [...new Set([...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))])];
}
