import type { HopFacts } from 'hallpass';
import { CookieJar } from 'hallpass/jar';
import type { Case } from '../case.ts';
import dates from '../vectors/cookies/dates.json' with { type: 'json' };
import lifetime from '../vectors/cookies/lifetime.json' with { type: 'json' };
import prefixes from '../vectors/cookies/prefixes.json' with { type: 'json' };
import sameSite from '../vectors/cookies/same-site.json' with { type: 'json' };
import scope from '../vectors/cookies/scope.json' with { type: 'json' };
import secure from '../vectors/cookies/secure.json' with { type: 'json' };
import setCookie from '../vectors/cookies/set-cookie.json' with { type: 'json' };
import storage from '../vectors/cookies/storage.json' with { type: 'json' };

/** Who makes the request. Nothing = a program. */
interface By {
  page?: string;
  method?: string;
  navigation?: boolean;
  script?: boolean;
  before?: string[];
}

/** One rule: lines that a fresh jar is given, in order, and then requests with the Cookie header that each must carry. */
export interface CookieVector {
  name: string;
  /** Of the file's source, unless the case names its own. */
  section: string;
  source?: string;
  /** `reasons`: refused for exactly these; absent = admitted. */
  set: { line: string; from: string; by?: By; reasons?: string[]; warnings?: string[] }[];
  /** `after`: seconds that pass before this request. */
  send: { to: string; header: string; by?: By; after?: number }[];
}

export interface VectorFile {
  title: string;
  source: string;
  cases: CookieVector[];
}

const files: VectorFile[] = [setCookie, lifetime, dates, scope, secure, sameSite, prefixes, storage];

/** Every vector of `conformance/vectors/cookies`, without a runner: hand it to the one of your runtime. */
export const cookieSuite: Case[] = files.flatMap(({ title, source, cases }) =>
  cases.map((vector) => ({
    name: `${title}: ${vector.name} (${vector.source ?? source} ${vector.section})`,
    run: () => replay(vector),
  })),
);

function replay(vector: CookieVector): void {
  let now = Date.parse('2026-11-21T00:00:00Z');
  const jar = new CookieJar({ clock: { now: () => now } });
  for (const { line, from, by, reasons = [], warnings = [] } of vector.set) {
    const verdict = jar.set(line, from, hopOf(from, by, now));
    same(
      verdict.reasons.map((reason) => reason.code),
      reasons,
      `reasons against ${line}`,
    );
    same(
      verdict.warnings.map((reason) => reason.code),
      warnings,
      `warnings about ${line}`,
    );
  }
  for (const { to, header, by, after = 0 } of vector.send) {
    now += after * 1_000;
    same(jar.header(to, hopOf(to, by, now)), header, `Cookie header to ${to}`);
  }
}

function hopOf(url: string, by: By | undefined, time: number): HopFacts | undefined {
  if (by === undefined) return undefined;
  const { page, method = 'GET', ...rest } = by;
  return { url, method, initiator: page === undefined ? 'program' : { page }, time, ...rest };
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`${what}: ${got} instead of ${wanted}`);
}
