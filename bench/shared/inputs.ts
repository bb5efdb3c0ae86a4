/** 64 distinct inputs of a kind, so that nobody profits from one cached string. */
export const many = <T>(make: (i: number) => T): T[] => Array.from({ length: 64 }, (_, i) => make(i));

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A value as session ids look: letters and digits, the same in every run. */
export function token(seed: number, length: number): string {
  let state = seed * 2_654_435_761 + 1;
  let text = '';
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}

/** A Cookie header of `cookies` cookies with 22 characters each. */
export function cookieHeader(seed: number, cookies: number): string {
  return Array.from({ length: cookies }, (_, at) => `cookie_${at}=${token(seed * 64 + at, 22)}`).join('; ');
}
