import { escapeOf, restored, storable } from '../storable.ts';

/** In the key of an object everything that JSON would escape too: V8 mixes up keys with escapes (nodejs/node#63785). */
const unstorableInKey = /[\0-\x1f"\\\x7f\ud800-\udfff]/gu;

/** A key as PostgreSQL can keep it inside JSON. */
export function storableKey(key: string): string {
  return key.replace(unstorableInKey, escapeOf);
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
