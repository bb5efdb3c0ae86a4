import { isRandomText, randomText } from '../crypto/index.ts';

/** What a refresh token holds: the row, the proof that it comes from this family, and the proof that it is the present one. */
export interface RefreshToken {
  /** Finds the row; no secret. */
  readonly family: string;
  /** The same in every token of the family. Without it nobody can end the family by a made-up secret. */
  readonly familyKey: string;
  /** Changes with every refresh. */
  readonly secret: string;
}

const idBytes = 16;
const syntax = /^([\w-]{22})\.([\w-]{22})\.([\w-]{43})$/;

export const newFamily = (): string => randomText(idBytes);
export const newFamilyKey = (): string => randomText(idBytes);

/** True for what may name a family. */
export const isFamilyName = (text: string): boolean => isRandomText(text, idBytes);

export function formatRefresh({ family, familyKey, secret }: RefreshToken): string {
  return `${family}.${familyKey}.${secret}`;
}

/** Nothing that is not of this form ever reaches a store. */
export function parseRefresh(text: string): RefreshToken | undefined {
  const [whole, family = '', familyKey = '', secret = ''] = syntax.exec(text) ?? [];
  return whole === undefined ? undefined : { family, familyKey, secret };
}
