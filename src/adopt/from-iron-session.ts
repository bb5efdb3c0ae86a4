import type { Shape } from '../errors/misuse.ts';
import { unsealIron } from './iron-seal.ts';
import { readChunks } from './read-chunks.ts';
import { type Adopt, type AdoptOptions, adoptShape, readerOf, takingOver } from './take-over.ts';

/** How the application kept sessions with iron-session. */
export interface FromIronSessionOptions<Data extends object> extends AdoptOptions<Data> {
  /** The `password` there: one, or several by their numbers. */
  password: string | Readonly<Record<string, string>>;
  /** The `cookieName` there. */
  name: string;
}

const mostChunks = 4;

const shape: Shape<FromIronSessionOptions<object>> = {
  ...adoptShape,
  password: 'string|object',
  name: 'string',
};

/**
 * For `adopt` of `createSessions`: takes over the visitors of iron-session 8 and 9, in one cookie or split over several. The seal
 * is opened as there, by the password that it names, and not after its time.
 * @throws TypeError without a cookie's name, and for a password under 32 characters
 *
 * @example
 * ```ts
 * import { fromIronSession } from 'hallpass/adopt';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { sealData } from 'iron-session';
 *
 * const password = { 1: 'a password of at least 32 characters', 2: 'the next one, also 32 characters' };
 * const takeOver = ({ userId }: { userId?: string }) => ({ user: userId });
 * const adopt = fromIronSession({ password, name: 'id', takeOver });
 * const sessions = createSessions({ store: memoryStore(), adopt });
 *
 * const seal = await sealData({ userId: 'ada' }, { password });
 * console.log((await sessions.open(`id=${seal}`)).user); // → ada
 * ```
 */
export function fromIronSession<Data extends object = Record<string, unknown>>(
  options: FromIronSessionOptions<Data>,
): Adopt<Data> {
  const { name, password } = options ?? {};
  const takeOver = takingOver(options, shape, 'fromIronSession', name);
  const passwords = new Map(
    Object.entries(typeof password === 'string' ? { 1: password } : (password ?? {})),
  );
  const isLong = (one: unknown) => typeof one === 'string' && one.length >= 32;
  if (passwords.size === 0 || ![...passwords.values()].every(isLong)) {
    throw new TypeError(
      'fromIronSession needs the password of iron-session, of at least 32 characters, or all of them by their numbers.',
    );
  }

  return readerOf('fromIronSession', async (readCookie, now) => {
    const found = readChunks(readCookie, name, mostChunks);
    if (found === undefined) return undefined;
    // What stands behind the seal, the version of iron-session, is proved by nothing.
    const [seal = ''] = found.text.split('~');
    const opened = await unsealIron(seal, passwords, now);
    if (typeof opened === 'string') return { cookie: name, refused: opened };
    return takeOver(found.names, opened.value, { id: seal, expiresAt: opened.expiresAt });
  });
}
