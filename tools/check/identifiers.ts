import { parseSync, Visitor } from 'rolldown/utils';

/** A name that stands in code. */
export interface Identifier {
  readonly name: string;
  readonly start: number;
}

/**
 * Every name in the code of a file, of values, types, properties and private members. Text in strings and comments is none.
 * @throws Error for what is not TypeScript
 */
export function identifiersIn(file: string, source: string): Identifier[] {
  const { program, errors } = parseSync(file, source, {
    lang: file.endsWith('.tsx') ? 'tsx' : 'ts',
    sourceType: 'module',
  });
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const found: Identifier[] = [];
  const add = ({ name, start }: Identifier) => found.push({ name, start });
  new Visitor({ Identifier: add, PrivateIdentifier: add }).visit(program);
  return found;
}

/** The same of a part of a file, which need not be whole: every word outside strings and comments. */
export function identifiersInPart(part: string): Identifier[] {
  const code = part.replaceAll(/\/\/.*|'[^'\n]*'|"[^"\n]*"/g, (text) => ' '.repeat(text.length));
  return [...code.matchAll(/[a-z_$][\w$]*/gi)].map(({ 0: name, index: start }) => ({ name, start }));
}

/** Every comment of a file of TypeScript, without its marks. */
export function commentsIn(
  file: string,
  source: string,
): { readonly text: string; readonly start: number }[] {
  const { comments } = parseSync(file, source, {
    lang: file.endsWith('.tsx') ? 'tsx' : 'ts',
    sourceType: 'module',
  });
  return comments.map(({ value, start }) => ({ text: value, start }));
}

/** The words of a name, in lower case: `isSignedIn`, `is-signed-in` and `IS_SIGNED_IN` have three. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^a-zA-Z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}
