import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linked, namesOf } from './declarations.ts';

const names = namesOf(readFileSync(new URL('web.d.ts', import.meta.url), 'utf8'));

test('the names of the web are those that the declarations export', () => {
  expect(names).toEqual(expect.arrayContaining(['Request', 'Response', 'HeadersInit', 'AbortSignal']));
  expect(names).not.toContain('PlainUrl');
});

test('a declaration imports what it uses', () => {
  const declaration = 'export declare function at(url: URL, answer: Response): Promise<Response>;\n';
  expect(linked(declaration, names, '../web.js')).toBe(
    `import type { Response, URL } from '../web.js';\n${declaration}`,
  );
});

test('and nothing that it declares, imports, or only speaks of', () => {
  for (const declaration of [
    "import type { Request } from 'express';\nexport declare const of: (request: Request) => string;\n",
    'export interface Response {\n  status: number;\n}\n',
    '/** Takes a Request. */\nexport declare const URLs: string; // no Response\n',
    'export interface Names {\n  URL: string;\n  of(node: ast.Response): void;\n}\n',
    "export type Kind = 'Request' | 'Response';\n",
  ])
    expect(linked(declaration, names, './web.js')).toBe(declaration);
});

test('the line that makes Node run a command stays the first one', () => {
  const declaration = '#!/usr/bin/env node\nexport declare const at: URL;\n';
  expect(linked(declaration, names, './web.js')).toBe(
    "#!/usr/bin/env node\nimport type { URL } from './web.js';\nexport declare const at: URL;\n",
  );
});

test('what speaks of disposal brings the library that has it', () => {
  const declaration = 'export interface Store extends Partial<AsyncDisposable> {}\n';
  expect(linked(declaration, names, './web.js')).toBe(
    `/// <reference lib="esnext.disposable" />\n${declaration}`,
  );
});
