import { chromiumReasons } from '../../src/cli/doctor/chromium-reasons.ts';
import type { StoredCookie } from '../../src/index.ts';
import type { CookieReasons } from './engines/engine.ts';
import type { Replayed } from './replay.ts';
import { hostsOf, unfill } from './sequence.ts';

/** What Chromium refuses without saying so: the header shows it. */
const unsaid: readonly string[] = [
  'cookie-name-empty',
  'domain-not-ascii',
  'other-partition',
  'partitioned-without-secure',
];

/** Where a verdict and what Chromium says of one step disagree, in a sentence each. */
export function disagreements(
  { step, set, selected }: Replayed,
  logged: CookieReasons | undefined,
): string[] {
  const left = [...(logged?.set ?? [])];
  const ofLines = step.set.flatMap((line, at) => {
    const index = left.findIndex(([theirs]) => isLine(theirs, line));
    const theirs = index === -1 ? [] : left.splice(index, 1)[0]![1];
    const ours: string[] = (set[at]?.reasons ?? []).map(({ code }) => code);
    const strange = theirs.filter((one) => !chromiumReasons[one]?.some((code) => ours.includes(code)));
    if (strange.length > 0) return [`${line}: ${strange} is none of ${ours}`];
    const mute = ours.some((code) => unsaid.includes(code)) || isPartitionedOverHttp(step.url, line);
    const silent = theirs.length === 0 && ours.length > 0 && !mute;
    return silent ? [`${line}: taken, though there is ${ours}`] : [];
  });
  const lost = left.map(([line]) => `${line}: refused, and never set`);
  const withheld = Object.fromEntries(
    Object.entries(logged?.sent ?? {}).map(([key, reasons]) => [withoutOwnAncestor(key), reasons]),
  );
  const ofCookies = selected().flatMap(({ cookie, verdict }) => {
    const key = keyOf(cookie);
    const theirs = withheld[key] ?? [];
    delete withheld[key];
    const ours: string[] = verdict.reasons.map(({ code }) => code);
    if (theirs.length === 0 && ours.includes('other-partition')) return [];
    const strange = theirs.filter((one) => !chromiumReasons[one]?.some((code) => ours.includes(code)));
    const missing = ours.filter(
      (code) => !theirs.some((one) => chromiumReasons[one]?.some((it) => it === code)),
    );
    return strange.length + missing.length === 0 ? [] : [`${key}: ${theirs} is not ${ours}`];
  });
  const unknown = Object.keys(withheld).map((key) => `${key}: withheld, and not in the jar`);
  return [...ofLines, ...lost, ...ofCookies, ...unknown];
}

/** True for a line as the protocol shows it, which has no way to show octets over 7F, and drops what stands round them. */
function isLine(theirs: string, line: string): boolean {
  const start = line.search(/[^\x00-\x7e]/);
  if (start !== -1) return plain(theirs).startsWith(plain(line.slice(0, start)));
  return plain(theirs) === plain(line);
}

const plain = (line: string) => line.replaceAll(/[^\x21-\x7e]/g, '');

const isPartitionedOverHttp = (url: string, line: string) =>
  url.startsWith('http:') && /;\s*partitioned/i.test(line);

/** Chromium says of every partition of another site that an ancestor is of another site: the key need not. */
function withoutOwnAncestor(key: string): string {
  const [, domain = '', , partition = ''] = key.split(';');
  const site = partition.replace(/^https?:\/\/|#$/g, '');
  return domain.endsWith(site) && partition.startsWith('https') ? key : key.replace(/#$/, '');
}

const hosts = hostsOf(0);

/** As Chromium names a cookie, with the hosts of no run. */
function keyOf({ name, domain, hostOnly, path, partition }: StoredCookie): string {
  const key = `${name};${hostOnly ? '' : '.'}${domain};${path}`;
  return unfill(
    partition === undefined ? key : `${key};${partition.replace('cross-site-ancestor', '')}`,
    hosts,
  );
}
