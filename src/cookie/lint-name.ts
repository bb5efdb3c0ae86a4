import type { EngineRules } from '../scope/engines.ts';
import { isToken } from '../scope/http-syntax.ts';
import { finding, type LintFinding } from '../scope/lint-finding.ts';

const prefixes = ['__Secure-', '__Host-', '__Http-', '__Host-Http-'];

/** A word of a prefix with an underscore before it, or with more than one separator behind it: `__host_`, `Host__`, `_Secure-`. */
const likePrefix = /^(?:_+(host[-_]?http|host|secure|http)[-_]+|(host[-_]?http|host|secure|http)[-_]{2,})/i;

/** What is wrong with a name, whatever the cookie. @param rules of the engine that is asked about */
export function lintName(name: string, { prefixesIgnored }: EngineRules): LintFinding[] {
  if (name === '') return [finding('name-missing', {})];
  if (!isToken(name)) return [finding('name-not-token', { name })];
  const real = prefixes.findLast((prefix) => name.toLowerCase().startsWith(prefix.toLowerCase()));
  if (real !== undefined) {
    return [
      ...(prefixesIgnored ? [finding('prefix-not-enforced', { name, prefix: real })] : []),
      ...(name.startsWith(real) ? [] : [finding('name-prefix-case', { name, prefix: real })]),
    ];
  }
  const [, before, after] = likePrefix.exec(name) ?? [];
  const word = before ?? after;
  if (word === undefined) return [];
  const letters = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  const prefix = prefixes.find((one) => letters(one) === letters(word)) ?? '';
  return [finding('name-like-prefix', { name, prefix })];
}

/** True for a name that sounds like a session or a credential. A CSRF token is none: a script may have to read it. */
export function looksSensitive(name: string): boolean {
  if (/[cx]srf/i.test(name)) return false;
  return /sess|auth(?!or)|token|jwt|login|remember|credential|secret|passw|api[-_]?key|(?:^|[-_.])sid(?:$|[-_.])/i.test(
    name,
  );
}

/** The name with the prefix that no other host can plant. */
export function hostPrefixed(name: string): string {
  return `__Host-${name.replace(/^__(?:secure|http)-/i, '').replace(likePrefix, '')}`;
}
