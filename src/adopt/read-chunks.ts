/** What browsers keep of a cookie, in octets. */
const longest = 4096;

/** A value, and the names of the cookies that it stands in. */
export interface ChunkedValue {
  readonly text: string;
  readonly names: readonly string[];
}

/**
 * The value of a cookie, or of `name.0`, `name.1` and so on, over which it was split. `undefined` where none came; the text is
 * empty where the first is missing, or one is longer than a browser keeps.
 * @param most how many there are at most
 */
export function readChunks(
  readCookie: (name: string) => string | undefined,
  name: string,
  most: number,
): ChunkedValue | undefined {
  const whole = readCookie(name);
  if (whole) return { text: inBounds(whole), names: [name] };
  const names: string[] = [];
  let text = '';
  while (names.length < most) {
    const next = `${name}.${names.length}`;
    const part = readCookie(next);
    if (!part) break;
    if (inBounds(part) === '') return { text: '', names: [next] };
    names.push(next);
    text += part;
  }
  if (names.length > 0) return { text, names };
  const isBroken = whole !== undefined || readCookie(`${name}.1`) !== undefined;
  return isBroken ? { text: '', names: [name] } : undefined;
}

const inBounds = (text: string) => (text.length <= longest ? text : '');
