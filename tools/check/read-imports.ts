import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

/** One import, re-export or dynamic import of a file. */
export interface Import {
  /** Undefined when it is computed, so that nobody can read where it leads. */
  readonly from: string | undefined;
  /** True when the whole statement vanishes from the JavaScript. */
  readonly typeOnly: boolean;
  /** The names that it asks for, as the other file exports them; `*` stands for all. */
  readonly names: readonly string[];
  readonly line: number;
}

/** A name that a file exports, where it stands. */
export interface Export {
  readonly name: string;
  readonly line: number;
}

/** Something that a file takes out of the air: a global's name, or `Date.now` and `process.getBuiltinModule` by both. */
export interface Ambient {
  readonly name: string;
  readonly line: number;
}

const ambientCalls = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);
const ambientMembers: readonly RegExp[] = [
  /^crypto\./,
  /^performance\.now$/,
  /^Date\.now$/,
  /^Math\.random$/,
  /^process\./,
  /^globalThis\.(crypto|fetch|performance|process|set[A-Z])/,
];

/** What a source file brings in and gives out, read from its syntax tree: text in strings and comments does not count. */
export function readImports(
  file: string,
  source: string,
): { imports: Import[]; exports: Export[]; ambient: Ambient[] } {
  const { program, errors } = parseSync(file, source, { lang: 'ts', sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const exports: Export[] = [];
  const ambient: Ambient[] = [];
  const lineOf = (node: { start: number }) => source.slice(0, node.start).split('\n').length;
  const add = (node: { start: number }, from: string | undefined, typeOnly: boolean, names: string[]) =>
    imports.push({ from, typeOnly, names, line: lineOf(node) });
  const give = (node: { start: number }, name: string) => exports.push({ name, line: lineOf(node) });
  const take = (node: { start: number }, name: string) => ambient.push({ name, line: lineOf(node) });

  new Visitor({
    ImportDeclaration: (node) =>
      add(node, node.source.value, node.importKind === 'type', node.specifiers.map(importedName)),
    ExportAllDeclaration: (node) => add(node, node.source.value, node.exportKind === 'type', ['*']),
    ExportDefaultDeclaration: (node) => give(node, 'default'),
    ExportNamedDeclaration: (node) => {
      const { source: from, specifiers, declaration } = node;
      if (from !== null) {
        const names = specifiers.map(({ local }) => nameOf(local));
        add(node, from.value, node.exportKind === 'type', names);
      }
      for (const one of specifiers) give(one, nameOf(one.exported));
      for (const name of declaredNames(declaration)) give(node, name);
    },
    ImportExpression: (node) => add(node, textOf(node.source), false, ['*']),
    TSImportType: (node) => add(node, node.source.value, true, ['*']),
    MemberExpression: (node) => {
      const name = dottedName(node);
      if (name !== undefined && ambientMembers.some((pattern) => pattern.test(name))) take(node, name);
    },
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && ambientCalls.has(node.callee.name))
        take(node, node.callee.name);
    },
    NewExpression: (node) => {
      const { callee } = node;
      if (callee.type === 'Identifier' && callee.name === 'Date' && node.arguments.length === 0)
        take(node, 'new Date()');
    },
  }).visit(program);
  return { imports, exports, ambient };
}

function importedName(specifier: ESTree.ImportDeclarationSpecifier): string {
  if (specifier.type === 'ImportSpecifier') return nameOf(specifier.imported);
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
}

const nameOf = (name: ESTree.ModuleExportName) => (name.type === 'Literal' ? name.value : name.name);

/** What a declaration behind `export` declares. A function that is overloaded is one name. */
function declaredNames(declaration: ESTree.ExportNamedDeclaration['declaration']): string[] {
  if (declaration === null) return [];
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  const { id } = declaration;
  return id?.type === 'Identifier' ? [id.name] : [];
}

function textOf(node: ESTree.Expression): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** `a.b` for a member of a plain name. */
function dottedName(node: ESTree.MemberExpression): string | undefined {
  if (node.object.type !== 'Identifier') return undefined;
  const member = node.property.type === 'Identifier' && !node.computed ? node.property.name : undefined;
  return member === undefined ? undefined : `${node.object.name}.${member}`;
}
