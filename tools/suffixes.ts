// `npm run suffixes` writes src/jar/above-suffixes.ts from the Public Suffix List that tldts brings; a test fails when the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The list as tldts packs it: nodes, and the edges between them with their labels. */
interface Trie {
  readonly rulesRoot: number;
  readonly nodeFlags: Uint8Array;
  readonly edgeStart: Uint16Array;
  readonly edgeChild: Uint16Array;
  readonly edgeLength: Uint8Array;
  readonly labelText: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
export const target = 'src/jar/above-suffixes.ts';

/** The domains that are no public suffix and have one below them, by the package tldts. */
async function domainsAboveSuffixes(): Promise<string[]> {
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
  /** True when a suffix lies at this name or below. */
  function holdsSuffix(node: number, name: string): boolean {
    const isSuffix = nodeFlags[node] !== 0;
    let below = false;
    for (let edge = edgeStart[node]!; edge < edgeStart[node + 1]!; edge++) {
      const label = labels[edge]!;
      if (holdsSuffix(edgeChild[edge]!, name === '' ? label : `${label}.${name}`)) below = true;
    }
    if (below && !isSuffix && /^[a-z\d.-]+\.[a-z\d-]+$/.test(name)) found.push(name);
    return isSuffix || below;
  }
  holdsSuffix(trie.rulesRoot, '');
  return found.sort();
}

/** src/jar/above-suffixes.ts as it should be. */
export async function expectedFile(): Promise<string> {
  const { version } = JSON.parse(readFileSync(`${root}/node_modules/tldts/package.json`, 'utf8'));
  const text = (await domainsAboveSuffixes()).join(' ').replaceAll(/(.{1,108})(?: |$)/g, '$1\n');
  return `// Written by \`npm run suffixes\` from the Public Suffix List of tldts ${version}.

/** Domains that are no public suffix and have one below them, between blanks: whoever covers them covers strangers. */
export const aboveSuffixes = \`
${text}\`;
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}/${target}`, await expectedFile());
  console.log(`${target} is written.`);
}
