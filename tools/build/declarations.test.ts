import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linked, namesOf, withUndefined } from './declarations.ts';

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

test('an option that may be absent may be undefined, for who compiles with exactOptionalPropertyTypes', () => {
  const lines = {
    'user?: string;': 'user?: string | undefined;',
    'readonly data?: Partial<Data>;': 'readonly data?: Partial<Data> | undefined;',
    'onEvent?: (event: Event) => void;': 'onEvent?: ((event: Event) => void) | undefined;',
    'as?: Data extends object ? 1 : 2;': 'as?: (Data extends object ? 1 : 2) | undefined;',
    'from?: { issuers?: readonly string[]; };':
      'from?: { issuers?: readonly string[] | undefined; } | undefined;',
    '[Name in keyof Data]?: Data[Name];': '[Name in keyof Data]?: Data[Name] | undefined;',
    "kind?: 'a;}' | 'b';": "kind?: 'a;}' | 'b' | undefined;",
  };
  for (const [given, made] of Object.entries(lines)) {
    expect(withUndefined(`export interface Options {\n    ${given}\n}\n`)).toBe(
      `export interface Options {\n    ${made}\n}\n`,
    );
  }
});

test('and what takes undefined already, parameters, comments and what must be there stay as they are', () => {
  for (const line of [
    'watch?: Watcher | undefined;',
    'readonly gone?: undefined;',
    'cause?: unknown;',
    'open(from: Source, facts?: Facts): void;',
    '/** `{ user?: string; }` */',
    '[Name in keyof Data]-?: Data[Name];',
    'discard?(): unknown;',
    'pair: [first: string, second?: string];',
  ]) {
    const declaration = `export interface Options {\n    ${line}\n}\n`;
    expect(withUndefined(declaration)).toBe(declaration);
  }
});
