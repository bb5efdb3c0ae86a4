import type { SuffixList } from '../scope/site.ts';
import { remembering } from './remembering.ts';
import { suffixRules } from './suffix-rules.ts';

/** A label of a host that rules name. */
class Label {
  /** `suffix`: a rule ends with it, so it is one with what stands to its right; `exception`: it is none; `between`: no rule ends with it. */
  readonly kind: 'suffix' | 'exception' | 'between';
  /** Those that rules name to its left, where there are any. */
  readonly below: ReadonlyMap<string, Label> | undefined;
  /** True where every label to its left ends a rule. */
  readonly isWild: boolean;

  constructor(kind: Label['kind'], below?: Map<string, Label>) {
    this.kind = kind;
    this.isWild = below?.delete('*') ?? false;
    this.below = below;
  }
}

/** The top-level labels with others to their left: as text until somebody asks for one, so that a start costs nothing. */
let topLevel: Map<string, string | Label> | undefined;

function topLabel(name: string): Label | undefined {
  topLevel ??= new Map(
    suffixRules.split('\n').map((line) => [line.slice(line[0] === '.' ? 1 : 0, line.indexOf('(')), line]),
  );
  const found = topLevel.get(name);
  if (typeof found !== 'string') return found;
  const label = readLine(found);
  topLevel.set(name, label);
  return label;
}

/** Most labels have none to their left: all of those are one object of each kind. */
const leaves = {
  suffix: new Label('suffix'),
  exception: new Label('exception'),
  between: new Label('between'),
};

/** The label of a line, as tools/suffixes.ts packs it: names, with a sign between each two. */
function readLine(line: string): Label {
  const parts = line.split(/([,()])/);
  let at = 0;
  const labels = (): Map<string, Label> => {
    const found = new Map<string, Label>();
    for (;;) {
      const text = parts[at] as string;
      const kind = text[0] === '.' ? 'between' : text[0] === '!' ? 'exception' : 'suffix';
      const name = kind === 'suffix' ? text : text.slice(1);
      if (parts[at + 1] === '(') {
        at += 2;
        found.set(name, new Label(kind, labels()));
      } else found.set(name, leaves[kind]);
      at += 2;
      if (parts[at - 1] !== ',') return found;
    }
  };
  return [...labels().values()][0] as Label;
}

/** The registrable domain of a host, by the algorithm of publicsuffix.org; `undefined` for a suffix. */
function domainOf(host: string): string | undefined {
  const end = host.endsWith('.') ? host.length - 1 : host.length; // A host with a dot at its end is another host.
  let start = host.lastIndexOf('.', end - 1) + 1;
  let suffix = start; // Without a rule the last label is one.
  let label = topLabel(host.slice(start, end));
  while (label?.below !== undefined && start > 1) {
    const right = start - 1;
    start = host.lastIndexOf('.', right - 1) + 1;
    if (start >= right) break;
    const next = label.below.get(host.slice(start, right));
    if (next?.kind === 'exception') return host.slice(start);
    if (label.isWild || next?.kind === 'suffix') suffix = start;
    label = next;
  }
  return suffix < 2 ? undefined : host.slice(host.lastIndexOf('.', suffix - 2) + 1);
}

/** True for a name of two labels or more that is no suffix, while one lies below it. */
function isAboveSuffix(host: string): boolean {
  const [top = '', ...names] = (host.endsWith('.') ? host.slice(0, -1) : host).split('.').reverse();
  if (names.length === 0) return false;
  let label = topLabel(top);
  for (const name of names) label = label?.below?.get(name);
  return label?.kind === 'between' && label.below !== undefined;
}

/**
 * The Public Suffix List, with its private section. It is that of this release; a program that wants the newest one passes a list of
 * its own, for example by the package tldts. A host with a dot at its end is another host.
 *
 * @example
 * ```ts
 * import { publicSuffixes } from 'hallpass/jar';
 *
 * console.log(publicSuffixes.registrableDomain('api.example.co.uk')); // → example.co.uk
 * console.log(publicSuffixes.registrableDomain('github.io')); // → undefined
 * ```
 */
export const publicSuffixes: SuffixList = Object.freeze<SuffixList>({
  ...remembering(domainOf),
  isAboveSuffix,
});
