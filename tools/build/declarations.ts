import { copyFileSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Data in a form of others: what it has must go into the types of others, which may be exact (jose, Playwright, tough-cookie). */
const formsOfOthers = ['tokens/jwk.d.ts', 'jar/storage-state.d.ts', 'jar/tough-cookie.d.ts'];

const template = new URL('web.d.ts', import.meta.url);

/**
 * Lets every declaration of dist/ take the web's objects from web.d.ts: consumers without the DOM library, or with the types
 * of another runtime, then have no missing name. An option that may be absent may be `undefined` in them, as it may when it runs.
 */
export function linkDeclarations(dist: string): void {
  const names = namesOf(readFileSync(template, 'utf8'));
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    const path = join(dist, file);
    const made = readFileSync(path, 'utf8');
    const text = formsOfOthers.includes(file) ? made : withUndefined(made);
    const web = relative(dirname(path), join(dist, 'web.js'));
    writeFileSync(path, linked(text, names, web.startsWith('.') ? web : `./${web}`));
  }
  copyFileSync(template, join(dist, 'web.d.ts'));
}

/** The names that a declaration file exports. */
export function namesOf(declarations: string): string[] {
  return [...declarations.matchAll(/^export type (\w+)/gm)].map(([, name]) => name ?? '');
}

/** A declaration with an import of the names that it uses and does not declare or import itself, and with the library that has disposal. */
export function linked(declaration: string, names: readonly string[], from: string): string {
  const code = declaration.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|"[^"\n]*"/g, '');
  const used = names.filter(
    (name) =>
      new RegExp(`(?<![.\\w])${name}\\b(?!\\??:)`).test(code) &&
      !new RegExp(`\\b(?:interface|class|type) ${name}\\b|import [^;]*\\b${name}\\b`).test(code),
  );
  const first = declaration.startsWith('#!') ? declaration.indexOf('\n') + 1 : 0;
  const disposal = /\b(?:Async)?Disposable\b|\bSymbol\.(?:asyncDispose|dispose)\b/.test(code)
    ? '/// <reference lib="esnext.disposable" />\n'
    : '';
  const imports = used.length === 0 ? '' : `import type { ${used.join(', ')} } from '${from}';\n`;
  return declaration.slice(0, first) + disposal + imports + declaration.slice(first);
}

/**
 * A declaration whose optional properties take `undefined` too: what is `undefined` counts as absent here, and a program that is
 * compiled with exactOptionalPropertyTypes may then pass on what it may not have.
 */
export function withUndefined(declaration: string): string {
  let made = declaration;
  for (const at of optionalProperties(blanked(declaration)).reverse()) {
    const code = blanked(made);
    const end = endOfType(code, at);
    const type = made.slice(at, end);
    const plain = outermost(code.slice(at, end));
    if (/^\s*(?:undefined|unknown|any)\s*$|\|\s*undefined\s*$/.test(plain)) continue;
    const whole = /=>|\?/.test(plain) ? ` (${type.trim()})` : type;
    made = `${made.slice(0, at)}${whole} | undefined${made.slice(end)}`;
  }
  return made;
}

/** The text with its comments and strings blanked, each character in its place. */
function blanked(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|"[^"\n]*"/g, (part) => '_'.repeat(part.length));
}

/** Where the types of optional properties begin: behind a `?:` right inside braces, where `-?:` makes nothing optional. */
function optionalProperties(code: string): number[] {
  const open: string[] = [];
  const found: number[] = [];
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if ('([{'.includes(character)) open.push(character);
    else if (')]}'.includes(character)) open.pop();
    else if (code.startsWith('?:', at) && code[at - 1] !== '-' && open.at(-1) === '{') found.push(at + 2);
  }
  return found;
}

/** Where the type that begins at `from` ends: before the `;` behind it, or the brace that closes round it. */
function endOfType(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if (depth === 0 && ';}'.includes(character)) return at;
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
  }
  return code.length;
}

/** What of a type stands in no bracket. */
function outermost(type: string): string {
  let plain = type;
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replaceAll(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, '');
  }
  return plain;
}
