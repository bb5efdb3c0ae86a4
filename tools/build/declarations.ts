import { copyFileSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const template = new URL('web.d.ts', import.meta.url);

/**
 * Lets every declaration of dist/ take the web's objects from web.d.ts: consumers without the DOM library, or with the types
 * of another runtime, then have no missing name.
 */
export function linkDeclarations(dist: string): void {
  const names = namesOf(readFileSync(template, 'utf8'));
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    const path = join(dist, file);
    const text = readFileSync(path, 'utf8');
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
