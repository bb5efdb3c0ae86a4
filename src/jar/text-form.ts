import type { StoredCookie } from '../scope/cookie-facts.ts';
import { decodeUtf8, encodeUtf8, isAscii } from '../scope/octets.ts';

/** What may hold more than ASCII. */
export type Texts = Pick<StoredCookie, 'name' | 'value' | 'path' | 'encoding'>;

const isPlain = ({ name, value, path }: Texts) =>
  isAscii(value) && isAscii(name) && (path === '/' || isAscii(path));

/** A cookie of octets as people read it. {@link toOctetForm} gives the same octets again. */
export function toTextForm<C extends Texts>(cookie: C): C {
  if (isPlain(cookie)) return cookie;
  const [name, value, path] = [cookie.name, cookie.value, cookie.path].map(decodeUtf8);
  if (name === undefined || value === undefined || path === undefined)
    return { ...cookie, encoding: 'latin1' };
  return { ...cookie, name, value, path };
}

/** A cookie as people read it, in octets. */
export function toOctetForm<C extends Texts>(cookie: C): C {
  const { name, value, path, encoding } = cookie;
  if (encoding === 'latin1' || isPlain(cookie)) return cookie;
  return { ...cookie, name: encodeUtf8(name), value: encodeUtf8(value), path: encodeUtf8(path) };
}
