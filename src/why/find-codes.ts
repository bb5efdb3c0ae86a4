import { expectType } from '../errors/misuse.ts';
import { type Explained, explainedCodes } from './explained.ts';

/** As codes are written. */
export const codeSyntax: RegExp = Object.freeze(/^[a-z]+(?:-[a-z]+)*$/);

/**
 * The codes that a pasted text speaks of, in its order: by name, or else by the sentence of one. Codes of one word (`timeout`)
 * are words of English too, so they count only where there is nothing better.
 *
 * @example
 * ```ts
 * import { codesIn } from 'hallpass/why';
 *
 * console.log(codesIn('403 { "error": "csrf-refused" }')[0]?.code); // → csrf-refused
 * ```
 */
export function codesIn(text: string): Explained[] {
  expectType(text, 'string', 'The text of codesIn(text)');
  const words = text.toLowerCase().match(/[a-z]+(?:-[a-z]+)*/g) ?? [];
  const named = [...new Set(words)].flatMap((word) => explainedCodes.get(word) ?? []);
  const certain = named.filter(({ code }) => code.includes('-'));
  if (certain.length > 0) return certain;
  const bySentence = [...explainedCodes.values()].filter(({ sentence }) => says(text, sentence));
  return bySentence.length > 0 ? bySentence : named;
}

/** True for a text with this sentence in it, its facts filled in and its lines folded in any way. */
function says(text: string, sentence: string): boolean {
  const flat = text.replaceAll(/\s+/g, ' ');
  let from = 0;
  return sentence.split(/\{\w+\}/).every((part) => {
    const at = flat.indexOf(part.trim(), from);
    from = at + part.trim().length;
    return at !== -1;
  });
}

/**
 * Up to four codes that somebody may have meant by this one, the nearest first.
 *
 * @example
 * ```ts
 * import { nearestCodes } from 'hallpass/why';
 *
 * console.log(nearestCodes('same-site-lex')[0]); // → same-site-lax
 * ```
 */
export function nearestCodes(wrong: string): string[] {
  expectType(wrong, 'string', 'The code of nearestCodes(code)');
  const words = new Set(wrong.split('-'));
  return [...explainedCodes.keys()]
    .map((code) => {
      const shared = code.split('-').filter((word) => words.has(word)).length;
      return { code, distance: editDistance(joined(wrong), joined(code)), shared };
    })
    .filter(({ code, distance, shared }) => shared > 0 || distance <= Math.max(2, code.length / 3))
    .sort((a, b) => a.distance - 4 * a.shared - (b.distance - 4 * b.shared))
    .slice(0, 4)
    .map(({ code }) => code);
}

/** Without its hyphens: whoever misses one, or writes one too many, means the same code. */
const joined = (code: string): string => code.replaceAll('-', '');

/** How many letters have to be put in, taken out or changed to get from one to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [at, wanted] of [...to].entries()) {
      const changed = row[at]! + (letter === wanted ? 0 : 1);
      next.push(Math.min(changed, row[at + 1]! + 1, next[at]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
