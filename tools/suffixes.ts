// `npm run suffixes` writes src/jar/suffix-rules.ts from the Public Suffix List that tldts brings; a test fails when the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The list as tldts packs it: nodes, and the edges between them with their labels. */
interface Trie {
  readonly rulesRoot: number;
  readonly exceptionsRoot: number;
  readonly nodeFlags: Uint8Array;
  readonly edgeStart: Uint16Array;
  readonly edgeChild: Uint16Array;
  readonly edgeLength: Uint8Array;
  readonly labelText: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
export const target = 'src/jar/suffix-rules.ts';

/** Every rule of the list as publicsuffix.org writes it, in A-labels: `co.uk`, `*.ck`, `!www.ck`. */
export async function rules(): Promise<string[]> {
  const file = `${root}/node_modules/tldts/dist/es6/src/data/trie.js`;
  const trie = (await import(pathToFileURL(file).href)) as Trie;
  const { nodeFlags, edgeStart, edgeChild, edgeLength, labelText } = trie;
  const labels: string[] = [];
  let read = 0;
  for (const length of edgeLength) {
    labels.push(labelText.slice(read, read + length));
    read += length;
  }
  const found: string[] = [];
  function add(node: number, name: string, sign: string): void {
    if (nodeFlags[node] !== 0 && /^[\x21-\x7e]+$/.test(name)) found.push(sign + name);
    for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge++) {
      const label = labels[edge]!;
      add(edgeChild[edge]!, name === '' ? label : `${label}.${name}`, sign);
    }
  }
  add(trie.rulesRoot, '', '');
  add(trie.exceptionsRoot, '', '!');
  return found;
}

/** The labels below a label, and whether a rule ends with it. */
interface Label {
  isRule: boolean;
  readonly below: Map<string, Label>;
}

/**
 * The rules as one text, a line for each top-level label that has others to its left: the label, and those in brackets. A dot before a
 * label says that no rule ends there, and `!` that it is an exception. A top-level label alone is a suffix without a rule.
 */
function packed(all: readonly string[]): string[] {
  const top: Label['below'] = new Map();
  for (const rule of all) {
    const labels = rule.replace('!', '').split('.').reverse();
    if (rule.startsWith('!')) labels.push(`!${labels.pop()}`);
    let below = top;
    for (const [at, label] of labels.entries()) {
      const one = below.get(label) ?? { isRule: false, below: new Map() };
      if (at === labels.length - 1) one.isRule = true;
      below.set(label, one);
      below = one.below;
    }
  }
  const text = ([label, { isRule, below }]: [string, Label]): string => {
    if ((label === '*' || label.startsWith('!')) && below.size > 0)
      throw new Error(`src/jar/suffixes.ts reads nothing below ${label}.`);
    const inner = [...below].sort(byLabel).map(text).join(',');
    return `${isRule ? '' : '.'}${label}${inner === '' ? '' : `(${inner})`}`;
  };
  return [...top]
    .filter(([, { below }]) => below.size > 0)
    .sort(byLabel)
    .map(text);
}

const byLabel = ([one]: [string, Label], [other]: [string, Label]) => (one < other ? -1 : 1);

/** src/jar/suffix-rules.ts as it should be. */
export async function expectedFile(): Promise<string> {
  const { version } = JSON.parse(readFileSync(`${root}/node_modules/tldts/package.json`, 'utf8'));
  return `// Written by \`npm run suffixes\` from the Public Suffix List of tldts ${version}. The list is Mozilla's, https://publicsuffix.org, under
// the Mozilla Public License 2.0.

/** The rules of the list, packed as tools/suffixes.ts says. */
export const suffixRules = \`${packed(await rules()).join('\n')}\`;
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}/${target}`, await expectedFile());
  console.log(`${target} is written.`);
}
