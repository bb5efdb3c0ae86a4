import { sha256 } from '../crypto/index.ts';
import { checkOptions, listOf, type Shape } from '../errors/misuse.ts';
import { maxCookieLifetime } from '../scope/admit.ts';
import { setKey } from '../store/record.ts';
import { checkedSignIn } from '../store/user-id.ts';
import { jsonText } from './json.ts';
import { assertDataKey } from './keys.ts';
import { newSelector, selectorOf } from './selector.ts';
import type { Adopted } from './types.ts';

/** What the old id counts as under one name of our cookie: over one store another name's sessions are others. */
export interface ForeignId {
  readonly cookieName: string;
  /** Names the session of ours that takes it over, from the beginning. */
  readonly selector: string;
  /** The verifier that the old id counts as. */
  readonly verifier: string;
  /** Under which name it is remembered that it began one. */
  readonly spent: string;
}

/** A session of another library, and the place that is kept for the one of ours that takes it over. */
export interface Foreign {
  readonly adopted: Adopted;
  /** Names the session of ours, from the beginning. */
  readonly selector: string;
  /**
   * The verifier that the old id counts as. A session of ours is made as if it had been rotated from there, so requests
   * that come with the old id inside the grace are served by the same session. `undefined` where the old one has no id.
   */
  readonly verifier: string | undefined;
  /**
   * The old id under the present name of our cookie, then under each former one: what took it over, or ended it, before the
   * name changed counts as well. Empty where the old one has no id.
   */
  readonly ids: readonly ForeignId[];
  /** The JSON text of each key of its data. */
  readonly data: Readonly<Record<string, string>>;
}

const adoptedShape: Shape<Adopted> = {
  id: 'any',
  user: 'any',
  authenticatedAt: 'any',
  remember: 'boolean',
  data: 'object',
  discard: 'function',
  expiresAt: 'number',
  setCookie: listOf('string'),
};

/** In 1973, as ms; seconds of a time before the year 5138 are fewer. */
const earliestTime = 1e11;

/**
 * The JSON text of each key of the data of what `adopt` gave.
 * @throws TypeError for data or a user that no session can have, and for a `discard` without an `id`
 */
export function checkedAdopted(adopted: Adopted): Foreign['data'] {
  checkOptions(adopted, adoptedShape, 'adopt');
  const { id, discard, user, authenticatedAt, expiresAt, data: old } = adopted;
  if (id === undefined && discard !== undefined) {
    throw new TypeError(
      'What adopt gives needs an id beside discard, or requests under way would find nothing: the text of the old cookie.',
    );
  }
  if (id !== undefined && (typeof id !== 'string' || id === '')) {
    throw new TypeError('The id that adopt gives is the text of the old cookie, and not empty.');
  }
  if (expiresAt !== undefined && (id === undefined || !(expiresAt > earliestTime))) {
    throw new TypeError('The expiresAt that adopt gives is a time in ms since 1970, beside an id.');
  }
  if (user !== undefined) checkedSignIn(user, 'The user that adopt gives');
  const isTime = (at: number) => at > earliestTime && at < earliestTime * 1000;
  if (authenticatedAt !== undefined && !isTime(authenticatedAt)) {
    throw new TypeError(
      'The authenticatedAt that adopt gives is a time in ms since 1970, as Date.now() is; seconds are multiplied by 1000.',
    );
  }
  const data: Record<string, string> = {};
  for (const [key, value] of Object.entries(old ?? {})) {
    const text = jsonText(assertDataKey(key), value);
    if (text !== undefined) setKey(data, key, text);
  }
  return data;
}

/**
 * @param cookieNames of ours, the present one first
 * @throws TypeError as {@link checkedAdopted} says
 */
export async function foreignSession(
  adopted: Adopted,
  cookieNames: readonly string[],
  now: number,
): Promise<Foreign> {
  const data = checkedAdopted(adopted);
  const { id, authenticatedAt } = adopted;
  // One that lies ahead, by another machine's clock or a mistake, would be fresh until then.
  const whole =
    authenticatedAt === undefined
      ? adopted
      : { ...adopted, authenticatedAt: Math.min(Math.floor(authenticatedAt), now) };
  const ids = id === undefined ? [] : await Promise.all(cookieNames.map((name) => foreignId(id, name)));
  return {
    adopted: whole,
    selector: ids[0]?.selector ?? newSelector(),
    verifier: ids[0]?.verifier,
    ids,
    data,
  };
}

async function foreignId(id: string, cookieName: string): Promise<ForeignId> {
  const bound = `${cookieName.length}:${cookieName}:${id}`;
  const hashOf = (what: string) => sha256(`hallpass adopted ${what} ${bound}`);
  const [selector, spent, verifier] = [
    await hashOf('selector'),
    await hashOf('spent'),
    await hashOf('verifier'),
  ];
  return { cookieName, selector: selectorOf(selector), spent: selectorOf(spent), verifier };
}

/** Until when it is remembered that the session of another library began one of ours. */
export function spentUntil(
  { adopted: { expiresAt = Number.POSITIVE_INFINITY } }: Foreign,
  now: number,
): number {
  return Math.max(now + 1, Math.min(Math.ceil(expiresAt), now + maxCookieLifetime));
}
