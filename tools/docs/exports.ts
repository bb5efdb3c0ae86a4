import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ESTree, parseSync } from 'rolldown/utils';

export type ExportKind = 'function' | 'class' | 'value' | 'type';

/** Something that an entry point gives, where it is declared, and what its docstring says. */
export interface Exported {
  readonly name: string;
  readonly kind: ExportKind;
  /** Below the root of the repository; with the line it is where a problem is reported. */
  readonly file: string;
  readonly line: number;
  /** The docstring without its stars; empty where there is none. */
  readonly doc: string;
  /** Of an interface: its own members, and what it extends. */
  readonly members: readonly Member[];
  readonly bases: readonly Base[];
}

/** What an interface extends; `declared` unless it is more than a name, as `Pick<…>` is. */
export interface Base {
  readonly text: string;
  readonly declared: Exported | undefined;
}

/** A member of an exported interface. */
export interface Member {
  readonly name: string;
  /** As the source writes it. */
  readonly type: string;
  readonly doc: string;
  readonly required: boolean;
}

export interface EntryPoint {
  /** As it is imported: `hallpass/jar`. */
  readonly name: string;
  readonly file: string;
  readonly exports: readonly Exported[];
}

/** Every entry point of package.json with what it exports, read from src/. */
export function entryPoints(root: string): EntryPoint[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string>;
  };
  return Object.entries(exports)
    .filter(([, file]) => file.endsWith('.js'))
    .map(([path, built]) => {
      const file = built.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      return { name: `hallpass${path.slice(1)}`, file, exports: new Reader(root).exportsOf(file) };
    });
}

interface Module {
  readonly source: string;
  readonly body: readonly ESTree.Node[];
  readonly comments: readonly { readonly value: string; readonly start: number; readonly end: number }[];
}

class Reader {
  readonly #root: string;
  readonly #modules = new Map<string, Module>();

  constructor(root: string) {
    this.#root = root;
  }

  /** In the order of the file, without repetitions. */
  exportsOf(file: string): Exported[] {
    const found = new Map<string, Exported>();
    const add = (one: Exported | undefined) => {
      if (one !== undefined && !found.has(one.name)) found.set(one.name, one);
    };
    const { body } = this.#module(file);
    for (const node of body) {
      if (node.type === 'ExportAllDeclaration') {
        const target = resolved(file, node.source.value);
        if (target !== undefined) for (const one of this.exportsOf(target)) add(one);
      } else if (node.type === 'ExportNamedDeclaration') {
        if (node.declaration !== null) {
          for (const name of namesOf(node.declaration)) add(this.#find(file, name));
        }
        for (const specifier of node.specifiers) {
          const [local, exported] = [nameOf(specifier.local), nameOf(specifier.exported)];
          const target = node.source === null ? file : resolved(file, node.source.value);
          const one = target === undefined ? undefined : this.#find(target, local);
          add(one === undefined ? undefined : { ...one, name: exported });
        }
      }
    }
    return [...found.values()];
  }

  /** The declaration of a name, wherever the file has it from. */
  #find(file: string, name: string): Exported | undefined {
    const { source, body } = this.#module(file);
    let found: Exported | undefined;
    for (const node of body) {
      const declaration =
        node.type === 'ExportNamedDeclaration' && node.declaration !== null ? node.declaration : node;
      if (namesOf(declaration).includes(name)) {
        const doc = docAbove(node.start, this.#module(file));
        const line = source.slice(0, node.start).split('\n').length;
        // Of overloads, and of a type beside its value, the first with a docstring speaks; a value is more than its type.
        if (found === undefined || found.kind === 'type') {
          const shape = this.#shapeOf(declaration, file);
          found = { name, kind: kindOf(declaration), file, line, doc: doc || (found?.doc ?? ''), ...shape };
        } else if (found.doc === '') found = { ...found, doc };
      }
      if (node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration') {
        const target = node.source == null ? undefined : resolved(file, node.source.value);
        for (const specifier of node.specifiers) {
          const here = specifier.type === 'ExportSpecifier' ? specifier.exported : specifier.local;
          if (target === undefined || nameOf(here) !== name || found !== undefined) continue;
          if (specifier.type === 'ImportSpecifier') found = this.#find(target, nameOf(specifier.imported));
          if (specifier.type === 'ExportSpecifier') found = this.#find(target, nameOf(specifier.local));
        }
      }
    }
    return found;
  }

  /** The members of an interface or of an object type, and what it is made of beside them. */
  #shapeOf(node: ESTree.Node, file: string): Pick<Exported, 'members' | 'bases'> {
    const module = this.#module(file);
    const text = (part: { start: number; end: number }) => module.source.slice(part.start, part.end);
    const none = { members: [], bases: [] };
    if (node.type === 'TSInterfaceDeclaration') {
      const bases = node.extends.map((base) => {
        const name = base.expression.type === 'Identifier' ? base.expression.name : undefined;
        return { text: text(base), declared: name === undefined ? undefined : this.#find(file, name) };
      });
      return { members: membersOf(node.body.body, module), bases };
    }
    if (node.type !== 'TSTypeAliasDeclaration') return none;
    const parts = (type: ESTree.TSType): Pick<Exported, 'members' | 'bases'>[] => {
      if (type.type === 'TSIntersectionType') return type.types.flatMap(parts);
      if (type.type === 'TSTypeLiteral') return [{ members: membersOf(type.members, module), bases: [] }];
      if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return [];
      const declared = this.#find(file, type.typeName.name);
      return declared === undefined ? [] : [{ members: [], bases: [{ text: text(type), declared }] }];
    };
    const all = parts(node.typeAnnotation);
    return {
      members: all.flatMap(({ members }) => members),
      bases: all.flatMap(({ bases }) => bases),
    };
  }

  #module(file: string): Module {
    let module = this.#modules.get(file);
    if (module === undefined) {
      const path = join(this.#root, file);
      if (!existsSync(path)) throw new Error(`${file} does not exist.`);
      const source = readFileSync(path, 'utf8');
      const { program, comments } = parseSync(file, source, { lang: 'ts', sourceType: 'module' });
      module = { source, body: program.body, comments };
      this.#modules.set(file, module);
    }
    return module;
  }
}

/** The file that a relative import leads to; undefined for a package. */
function resolved(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? join(dirname(from), specifier) : undefined;
}

function nameOf(name: ESTree.ModuleExportName | ESTree.BindingIdentifier): string {
  return name.type === 'Literal' ? name.value : name.name;
}

function namesOf(node: ESTree.Node): string[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return node.id === null ? [] : [node.id.name];
    default:
      return [];
  }
}

function kindOf(node: ESTree.Node): ExportKind {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return 'function';
    case 'ClassDeclaration':
      return 'class';
    case 'VariableDeclaration': {
      const init = node.declarations[0]?.init?.type;
      return init === 'ArrowFunctionExpression' || init === 'FunctionExpression' ? 'function' : 'value';
    }
    default:
      return 'type';
  }
}

/** The docstring that stands right before a place. */
function docAbove(start: number, { source, comments }: Module): string {
  const above = comments.findLast(({ end }) => end <= start);
  const isDoc = above?.value.startsWith('*') && source.slice(above.end, start).trim() === '';
  return above !== undefined && isDoc ? docText(above.value) : '';
}

function membersOf(signatures: readonly ESTree.TSSignature[], module: Module): Member[] {
  const text = (part: { start: number; end: number }) => module.source.slice(part.start, part.end);
  return signatures.flatMap((member): Member[] => {
    const isMember = member.type === 'TSPropertySignature' || member.type === 'TSMethodSignature';
    if (!isMember || member.key.type !== 'Identifier') return [];
    const doc = docAbove(member.start, module);
    const facts = { name: member.key.name, doc, required: !member.optional };
    if (member.type === 'TSPropertySignature') {
      const type = member.typeAnnotation ? text(member.typeAnnotation.typeAnnotation) : 'unknown';
      return [{ ...facts, type }];
    }
    const result = member.returnType ? text(member.returnType.typeAnnotation) : 'unknown';
    return [{ ...facts, type: `(${member.params.map(text).join(', ')}) => ${result}` }];
  });
}

/** A block comment without its stars. */
export function docText(comment: string): string {
  return comment
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** The first sentence of a docstring, as Markdown. */
export function firstSentence(doc: string): string {
  const text = (doc.split(/^@/m)[0] ?? '').replaceAll(/\s+/g, ' ').trim();
  const sentence = /^.*?[.!?](?= |$)/.exec(text)?.[0] ?? text;
  return sentence.replaceAll(/\{@link ([^}|]+?)(?:\s*\|[^}]*)?\}/g, '`$1`');
}
