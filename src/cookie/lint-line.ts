import { finding, type LintFinding } from '../scope/lint-finding.ts';
import { maxAttributeOctets } from './attributes.ts';
import { formatCookieDate, parseCookieDate } from './date.ts';
import { looksJoined } from './header.ts';

/** What some proxies allow for a whole line, and what user agents allow for name and value. */
const maxLineOctets = 4096;

/** Attributes by their names in lower case, as people write them. */
const attributes = new Map(
  ['Domain', 'Path', 'Expires', 'Max-Age', 'Secure', 'HttpOnly', 'SameSite', 'Partitioned', 'Priority'].map(
    (name) => [name.toLowerCase(), name],
  ),
);
const flags = new Set(['secure', 'httponly', 'partitioned']);

/** What a parsed line of octets no longer shows: how it was written. Repeats neither the value nor anything that may be a part of it. */
export function lintLine(line: string, name: string): LintFinding[] {
  const [pair = '', ...parts] = line.split(';');
  const findings: LintFinding[] = lintValue(pair.slice(pair.indexOf('=') + 1).trim(), name);
  const octets = line.length;
  if (octets > maxLineOctets) findings.push(finding('line-too-long', { name, octets, limit: maxLineOctets }));
  if (looksJoined(line)) findings.push(finding('lines-joined', { name }));

  const seen = new Map<string, string>();
  parts.forEach((part, index) => {
    const split = part.indexOf('=');
    const written = (split === -1 ? part : part.slice(0, split)).trim();
    const value = split === -1 ? undefined : part.slice(split + 1).trim();
    const key = written.toLowerCase();
    const attribute = attributes.get(key);
    if (attribute === undefined) {
      if (written !== '' || value) findings.push(lintUnknown(name, key, index + 1));
      return;
    }
    if (seen.has(key)) findings.push(finding('attribute-repeated', { name, attribute }));
    seen.set(key, value ?? '');
    if (flags.has(key)) {
      if (value) findings.push(finding('flag-with-value', { name, attribute }));
    } else if (value !== undefined && value.length > maxAttributeOctets) {
      findings.push(finding('attribute-too-long', { name, attribute, limit: maxAttributeOctets }));
    }
  });
  for (const [key, value] of seen) findings.push(...lintAttribute(key, value, name));
  return findings;
}

function lintValue(value: string, name: string): LintFinding[] {
  if (/^[{[]/.test(value)) return [finding('value-json', { name })];
  const quoted = /^".*"$/s.test(value);
  const found = whatIsNoOctet(quoted ? value.slice(1, -1) : value);
  return [
    ...(quoted ? [finding('value-quoted', { name })] : []),
    ...(found === undefined ? [] : [finding('value-octets', { name, found })]),
  ];
}

/** The first kind of character that no cookie octet is. rfc6265bis §4.1.1. */
function whatIsNoOctet(value: string): string | undefined {
  if (/[^\x00-\x7f]/.test(value)) return 'characters beyond ASCII';
  if (value.includes(',')) return 'a comma';
  if (/\s/.test(value)) return 'white space';
  if (/["\\]/.test(value)) return 'a quote or a backslash';
  return undefined;
}

function lintAttribute(key: string, value: string, name: string): LintFinding[] {
  switch (key) {
    case 'max-age':
      return /^-?\d+$/.test(value) ? [] : [finding('max-age-unreadable', { name })];
    case 'path':
      return value.startsWith('/') ? [] : [finding('path-relative', { name })];
    case 'expires': {
      const time = parseCookieDate(value);
      if (time === undefined) return [finding('expires-unreadable', { name })];
      const fixdate = formatCookieDate(time);
      const instant = new Date(time).toISOString();
      return value === fixdate ? [] : [finding('expires-not-fixdate', { name, instant, fixdate })];
    }
    default:
      return [];
  }
}

/** Not named as it was written: what stands behind a `;` may be the rest of a value. */
function lintUnknown(name: string, key: string, position: number): LintFinding {
  const bare = key.replaceAll(/[-_ ]/g, '');
  for (const [known, meant] of attributes) {
    if (isNearly(bare, known.replace('-', ''))) return finding('attribute-misspelt', { name, meant });
  }
  return finding('attribute-unknown', { name, position });
}

/** True for words that differ in one letter, or in two that have changed places. */
function isNearly(word: string, known: string): boolean {
  if (word === known) return true;
  if (Math.abs(word.length - known.length) > 1) return false;
  let same = 0;
  while (same < word.length && word[same] === known[same]) same++;
  const [rest, wanted] = [word.slice(same), known.slice(same)];
  return (
    rest.slice(1) === wanted.slice(1) ||
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    (rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2))
  );
}
