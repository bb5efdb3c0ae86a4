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
    const { source, body, comments } = this.#module(file);
    let found: Exported | undefined;
    for (const node of body) {
      const declaration =
        node.type === 'ExportNamedDeclaration' && node.declaration !== null ? node.declaration : node;
      if (namesOf(declaration).includes(name)) {
        const above = comments.findLast(({ end }) => end <= node.start);
        const isDoc = above?.value.startsWith('*') && source.slice(above.end, node.start).trim() === '';
        const doc = above !== undefined && isDoc ? docText(above.value) : '';
        const line = source.slice(0, node.start).split('\n').length;
        // Of overloads, and of a type beside its value, the first with a docstring speaks; a value is more than its type.
        if (found === undefined || found.kind === 'type') {
          found = { name, kind: kindOf(declaration), file, line, doc: doc || (found?.doc ?? '') };
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
