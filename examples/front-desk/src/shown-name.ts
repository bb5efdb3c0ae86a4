/** Controls, and marks that turn round what stands beside them. */
const unseen = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What somebody calls somebody or something, as it may stand on a page. @param longest in characters, of which none is cut in two */
export function shownName(typed: string, longest: number): string {
  return Array.from(typed.toWellFormed().replace(unseen, '').trim()).slice(0, longest).join('');
}
