import { aClock, aSchema } from '../errors/kinds.ts';
import { type Check, having, listOf, optionsOf, type Shape } from '../errors/misuse.ts';
import type { CookieAttributes, CookieOptions, CookieOverrides, FormerCookie } from './types.ts';

/** Attributes are judged as they are written: `checkAttributes` and `checkLife` say more of them. */
export const overridesShape: Shape<CookieOverrides> = { maxAge: 'any', expires: 'any' };

export const attributesShape: Shape<CookieAttributes> = {
  path: 'any',
  domain: 'any',
  maxAge: 'any',
  expires: 'any',
  secure: 'boolean',
  httpOnly: 'boolean',
  sameSite: 'any',
  partitioned: 'boolean',
};

const formerShape: Shape<FormerCookie> = {
  name: 'string',
  path: 'string',
  domain: 'string|null',
  partitioned: 'boolean',
};

export const formerCookies: Check = listOf(optionsOf(formerShape));

export const cookieShape: Shape<CookieOptions> = {
  ...attributesShape,
  secure: 'boolean|null',
  httpOnly: 'boolean|null',
  partitioned: 'boolean|null',
  schema: aSchema,
  default: 'any',
  format: 'any',
  codec: having('a codec, as sealed(keyRing(secret))', 'encode', 'decode'),
  sensitive: 'boolean',
  consent: 'string',
  clock: aClock,
  former: formerCookies,
};
