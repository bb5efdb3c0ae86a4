import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

/** One import, re-export or dynamic import of a file. */
export interface Import {
  /** Undefined when it is computed, so that nobody can read where it leads. */
  readonly from: string | undefined;
  /** True when the whole statement vanishes from the JavaScript. */
  readonly typeOnly: boolean;
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

/** What a source file brings in, read from its syntax tree: text in strings and comments does not count. */
export function readImports(file: string, source: string): { imports: Import[]; ambient: Ambient[] } {
  const { program, errors } = parseSync(file, source, { lang: 'ts', sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const ambient: Ambient[] = [];
  const lineOf = (node: { start: number }) => source.slice(0, node.start).split('\n').length;
  const add = (node: { start: number }, from: string | undefined, typeOnly: boolean) =>
    imports.push({ from, typeOnly, line: lineOf(node) });
  const take = (node: { start: number }, name: string) => ambient.push({ name, line: lineOf(node) });

  new Visitor({
    ImportDeclaration: (node) => add(node, node.source.value, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node, node.source.value, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node, node.source.value, node.exportKind === 'type');
    },
    ImportExpression: (node) => add(node, textOf(node.source), false),
    TSImportType: (node) => add(node, node.source.value, true),
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
  return { imports, ambient };
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
