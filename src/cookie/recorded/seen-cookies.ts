import { admit } from '../../scope/admit.ts';
import type { SetCookie, StoredCookie } from '../../scope/cookie-facts.ts';
import { release } from '../../scope/release.ts';
import { siteOf } from '../../scope/site.ts';
import { storedFrom } from '../../scope/stored-cookie.ts';
import type { Reason, Verdict } from '../../scope/verdict.ts';
import type { RecordedHop } from './hop.ts';

/** What a cookie of a record became: kept, or what was against it; and whether it deletes, and misses what it was to delete. */
interface Setting {
  readonly stored: Verdict;
  readonly missed: StoredCookie | undefined;
}

/** A cookie that a request came without. */
export interface Withheld {
  readonly cookie: StoredCookie;
  /** Empty: it might have travelled. */
  readonly reasons: readonly Reason[];
}

/** More of one host's cookies than browsers keep are not looked at. */
const mostOfSite = 300;
/** Of more sites than this, the one that set something longest ago is forgotten. */
const mostSites = 300;

/** The cookies that a record has set so far, by site without its scheme. */
export class SeenCookies {
  readonly #bySite = new Map<string, StoredCookie[]>();

  /** Keeps a cookie as browsers would. */
  set(cookie: SetCookie, hop: RecordedHop): Setting {
    const known = this.#keep(hop);
    const stored = admit(cookie, hop, known);
    const facts = storedFrom({ ...cookie, value: '' }, hop);
    if (!stored.allowed) return { stored, missed: undefined };
    const at = known.findIndex((one) => isSame(one, facts));
    if (facts.expires > hop.time) {
      if (at !== -1) known[at] = facts;
      else if (known.length < mostOfSite) known.push(facts);
      return { stored, missed: undefined };
    }
    if (at !== -1) known.splice(at, 1);
    const missed = at === -1 ? known.find((one) => one.name === facts.name && reaches(one, hop)) : undefined;
    return { stored, missed };
  }

  /** What this request came without: each cookie of its site that is not among these names. */
  withheld(hop: RecordedHop, came: ReadonlySet<string>): Withheld[] {
    return this.#of(hop)
      .filter(({ name, expires }) => !came.has(name) && expires > hop.time)
      .map((cookie) => ({ cookie, reasons: release(cookie, hop).reasons }));
  }

  #of(hop: RecordedHop): readonly StoredCookie[] {
    return this.#bySite.get(nameOfSite(hop)) ?? [];
  }

  /** The same, as the newest of the sites. */
  #keep(hop: RecordedHop): StoredCookie[] {
    const site = nameOfSite(hop);
    const known = this.#bySite.get(site) ?? [];
    this.#bySite.delete(site);
    this.#bySite.set(site, known);
    if (this.#bySite.size > mostSites) this.#bySite.delete(this.#bySite.keys().next().value!);
    return known;
  }
}

const nameOfSite = ({ url, suffixes }: RecordedHop) => siteOf(url, suffixes).replace(/^\w+:\/\//, '');

const isSame = (a: StoredCookie, b: StoredCookie) =>
  a.name === b.name &&
  a.domain === b.domain &&
  a.hostOnly === b.hostOnly &&
  a.path === b.path &&
  a.partition === b.partition;

/** True for a cookie of this host or a parent of it. */
const reaches = ({ domain, hostOnly }: StoredCookie, { url }: RecordedHop) =>
  url.hostname === domain || (!hostOnly && url.hostname.endsWith(`.${domain}`));
