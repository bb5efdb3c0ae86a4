import { losslessJson } from '../errors/lossless-json.ts';

/** A value from JSON text. Text that is none counts as absent: a foreign hand wrote it. */
export function parsed(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON text of a value of session data, or `undefined` for `undefined`. @throws TypeError for what JSON would lose or change without a word. */
export const jsonText = (key: string, value: unknown): string | undefined =>
  losslessJson(`Session data ${JSON.stringify(key)}`, value);
