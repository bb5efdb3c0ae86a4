/** How often a text is decoded in search of a secret. Who encodes more often has something to hide. */
const mostDecodings = 8;

/** A text as it stands, and as it reads after each decoding; `bottomless`: it could be decoded still further. */
export function readings(text: string): { readonly texts: readonly string[]; readonly bottomless: boolean } {
  const texts = [text];
  let last = text;
  for (let depth = 0; depth <= mostDecodings; depth++) {
    const decoded = piecesDecoded(last);
    if (decoded === last) return { texts, bottomless: false };
    texts.push(decoded);
    last = decoded;
  }
  return { texts, bottomless: true };
}

/** Every escape undone, whatever stands beside it: octets that are not UTF-8 become a character each. */
function piecesDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
}

/** True when one of the readings of a text holds the value, also in base64. A `+` may be a blank, as forms write it. */
export function isIn(texts: readonly string[], value: string): boolean {
  const forms = [value, ...inBase64(value)];
  return texts.some((text) => {
    const blank = text.includes('+') ? text.replaceAll('+', ' ') : undefined;
    return forms.some((form) => text.includes(form)) || blank?.includes(value) === true;
  });
}

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

/** What is shorter is to be found in any base64. */
const shortestEncoded = 8;
