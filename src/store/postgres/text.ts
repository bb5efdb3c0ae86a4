/**
 * PostgreSQL's text cannot hold U+0000, and UTF-8 has no form for half of a surrogate pair. Such characters are written as
 * U+007F and four hex digits, and so is U+007F itself: every string comes back as it was, and two different strings stay
 * different.
 */
const unstorable = /[\0\x7f\ud800-\udfff]/gu;
/** In the key of an object everything that JSON would escape too: V8 mixes up keys with escapes (nodejs/node#63785). */
const unstorableInKey = /[\0-\x1f"\\\x7f\ud800-\udfff]/gu;
const escaped = /\x7f([0-9a-f]{4})/g;

const escapeOf = (char: string) => `\x7f${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A string as PostgreSQL can keep it. */
export function storable(text: string): string {
  return text.replace(unstorable, escapeOf);
}

/** A key as PostgreSQL can keep it inside JSON. */
export function storableKey(key: string): string {
  return key.replace(unstorableInKey, escapeOf);
}

/** What {@link storable} or {@link storableKey} was given. */
export function restored(text: string): string {
  return text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

type Texts = Readonly<Record<string, string | null>>;

/** A record of texts as one JSON text that PostgreSQL can take apart. */
export function toJson(texts: Texts): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [storableKey(key), text === null ? null : storable(text)]),
    ),
  );
}

/** The record of texts in what {@link toJson} or PostgreSQL wrote. */
export function fromJson(json: string): Record<string, string> {
  const texts: Record<string, string> = JSON.parse(json);
  if (!json.includes('\x7f')) return texts;
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [restored(key), restored(text)]));
}
