import type { SameSite, StoredCookie } from '../scope/cookie-facts.ts';
import { holdsOctets } from '../scope/octets.ts';
import { toOctetForm } from './text-form.ts';

/** One cookie of a saved jar. Without `expires` it lasts as long as the session. */
export type SavedCookie = Omit<StoredCookie, 'expires' | 'sameSite'> & {
  readonly expires?: number;
  readonly sameSite?: SameSite;
};

/** A jar as JSON, values included: keep it as you keep the cookies themselves. */
export interface SavedJar {
  readonly version: 1;
  /** In the order of creation. */
  readonly cookies: readonly SavedCookie[];
}

/** A cookie in text as a saved jar has it. */
export function saveCookie(cookie: StoredCookie): SavedCookie {
  const {
    name,
    value,
    domain,
    hostOnly,
    path,
    secure,
    httpOnly,
    sameSite,
    expires,
    createdAt,
    partition,
    encoding,
  } = cookie;
  return {
    name,
    value,
    domain,
    hostOnly,
    path,
    secure,
    httpOnly,
    ...(sameSite !== undefined && { sameSite }),
    ...(expires !== Number.POSITIVE_INFINITY && { expires }),
    createdAt,
    ...(partition !== undefined && { partition }),
    ...(encoding !== undefined && { encoding }),
  };
}

/** The cookies of a saved jar, in octets. @throws TypeError for what is none. The values stand in no message. */
export function readSavedJar(json: unknown): StoredCookie[] {
  const { version, cookies } = (json ?? {}) as { version?: unknown; cookies?: unknown };
  if (version !== 1 || !Array.isArray(cookies)) {
    throw new TypeError(
      'Not a saved jar: pass what jar.export() gave. toJSON() leaves the values out and cannot be read back.',
    );
  }
  return cookies.map(readSavedCookie);
}

function readSavedCookie(saved: SavedCookie, index: number): StoredCookie {
  const texts = [saved?.name, saved?.value, saved?.domain, saved?.path];
  const flags = [saved?.hostOnly, saved?.secure, saved?.httpOnly];
  const { sameSite, expires = Number.POSITIVE_INFINITY, createdAt, partition, encoding } = saved ?? {};
  const sound =
    texts.every((text) => typeof text === 'string') &&
    flags.every((flag) => typeof flag === 'boolean') &&
    typeof expires === 'number' &&
    typeof createdAt === 'number' &&
    (partition === undefined || typeof partition === 'string') &&
    (encoding === undefined || (encoding === 'latin1' && texts.every(holdsOctets))) &&
    (sameSite === undefined || sameSite === 'lax' || sameSite === 'strict' || sameSite === 'none');
  if (!sound)
    throw new TypeError(`Not a saved jar: its cookie ${index} is not of the form that jar.export() writes.`);
  return toOctetForm({ ...saved, sameSite, expires, createdAt });
}
