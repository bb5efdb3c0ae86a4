import { frozen } from '../errors/frozen.ts';

/** Engines whose departures from the standard are known. WebKitGTK is not Safari, which keeps cookies by code of its own. */
export type EngineName = 'chromium' | 'firefox' | 'webkit';

/**
 * What an engine does otherwise than the standard: only that is said, and what is absent is as the standard has it. Each row was
 * seen in the browser, and is held against its log in every test run: `docs/browsers.md`.
 */
export interface EngineRules {
  /** Secure cookies on http://localhost and its like. */
  readonly secureOnLoopback?: true;
  /** A cookie without SameSite counts as None; or as Lax that goes with a top-level POST too while it is younger than two minutes. */
  readonly sameSiteUnset?: 'none' | 'lax-while-young';
  /** http and https of one domain are one site. */
  readonly sameSiteIgnoresScheme?: true;
  /** A redirect through another site makes no request cross-site, for what it sets. */
  readonly redirectsIgnoredOnSet?: true;
  /** The same for what is sent: of no request, or of those only that are no navigation at the top. */
  readonly redirectsIgnoredOnSend?: 'all' | 'subrequests';
  /** A frame of another site between a page and a request to the page's own host makes it no cross-site one. */
  readonly framesIgnored?: true;
  /** Nothing is kept that a page of another host asked for, unless the cookie's domain covers that page. */
  readonly thirdPartySetRefused?: true;
  /** Partitioned means nothing. */
  readonly partitionedIgnored?: true;
  /** SameSite=None asks for no Secure. */
  readonly noneWithoutSecure?: true;
  /** The name prefixes mean nothing. */
  readonly prefixesIgnored?: true;
  /** `__Host-` takes a path of `/` that the line does not say. */
  readonly hostPrefixTakesDefaultPath?: true;
  /** `__Host-` takes a Domain that is the address of the host, as 127.0.0.1. */
  readonly hostPrefixTakesOwnAddress?: true;
  /** Over http a Secure cookie is only guarded against one of its own domain and path; or against all but those of a host below a host-only one. */
  readonly overlaysSecure?: 'exact' | 'host-only-apart';
  /** A new value makes it a new cookie, at the end of the header. */
  readonly newValueMovesToEnd?: true;
  /** Among cookies of equally long paths those of the nearest domain come first, and host-only ones after those with a Domain. */
  readonly nearestDomainFirst?: true;
  /** A tab in name or value: the line is refused. */
  readonly tabRefused?: true;
  /** A line ends at its first octet below 20 or over 7F, and is never refused for it; a tab that begins a part is a blank. */
  readonly asciiOnly?: true;
  /** `Set-Cookie: tok` is a cookie of the name tok with an empty value. */
  readonly namelessIsName?: true;
  /** A line that begins with `=` is refused; or only when its value holds another one. */
  readonly emptyName?: 'refused' | 'refused-with-equals';
  /** In values what is no UTF-8 becomes U+FFFD. */
  readonly invalidUtf8Replaced?: true;
  /** Scripts do not see a cookie that is no UTF-8. */
  readonly hidesInvalidUtf8?: true;
  /** Name, value and attributes may have any length. */
  readonly anySize?: true;
  /** An attribute whose value is too long still counts when it needs none: HttpOnly and Secure. */
  readonly flagsOfAnySize?: true;
  /** The last Expires counts even when it cannot be read; or the last Max-Age too. */
  readonly lastUnreadableCounts?: 'expires' | 'both';
  /** An empty Max-Age deletes the cookie. */
  readonly emptyMaxAgeDeletes?: true;
  /** The last of Max-Age and Expires counts. */
  readonly lastLifeCounts?: true;
  /** How many cookies of one site are left when there were over 180. */
  readonly purgeTo?: number;
  /** One site may have any number of cookies. */
  readonly anyNumber?: true;
  /** Paths of requests match with letters, digits, `-`, `.`, `_` and `~` unescaped: `/%61pp` is below `/app`. */
  readonly pathsDecoded?: true;
}

/** A browser engine: what it is called, the version that was looked at, and what it does otherwise. */
export interface Engine {
  readonly title: string;
  readonly rules: EngineRules;
}

/** The engines that were looked at, and what each does otherwise than the standard. */
export const engines: Readonly<Record<EngineName, Engine>> = frozen({
  chromium: {
    title: 'Chromium',
    rules: {
      secureOnLoopback: true,
      sameSiteUnset: 'lax-while-young',
      redirectsIgnoredOnSet: true,
      redirectsIgnoredOnSend: 'all',
      hostPrefixTakesOwnAddress: true,
      newValueMovesToEnd: true,
      tabRefused: true,
      emptyName: 'refused-with-equals',
      hidesInvalidUtf8: true,
      lastUnreadableCounts: 'both',
      purgeTo: 150,
    },
  },
  firefox: {
    title: 'Firefox',
    rules: {
      secureOnLoopback: true,
      sameSiteUnset: 'none',
      sameSiteIgnoresScheme: true,
      redirectsIgnoredOnSet: true,
      hostPrefixTakesDefaultPath: true,
      hostPrefixTakesOwnAddress: true,
      overlaysSecure: 'host-only-apart',
      namelessIsName: true,
      emptyName: 'refused',
      invalidUtf8Replaced: true,
      flagsOfAnySize: true,
      lastUnreadableCounts: 'both',
      purgeTo: 150,
    },
  },
  webkit: {
    title: 'WebKitGTK',
    rules: {
      sameSiteUnset: 'none',
      sameSiteIgnoresScheme: true,
      redirectsIgnoredOnSet: true,
      redirectsIgnoredOnSend: 'subrequests',
      framesIgnored: true,
      thirdPartySetRefused: true,
      partitionedIgnored: true,
      noneWithoutSecure: true,
      prefixesIgnored: true,
      overlaysSecure: 'exact',
      nearestDomainFirst: true,
      asciiOnly: true,
      anySize: true,
      lastUnreadableCounts: 'expires',
      emptyMaxAgeDeletes: true,
      lastLifeCounts: true,
      anyNumber: true,
      pathsDecoded: true,
    },
  },
});

const standard: EngineRules = {};

/** What an engine does otherwise: nothing, where none is named. @throws TypeError for a name that is none */
export function rulesOf(engine: EngineName | EngineRules | undefined): EngineRules {
  if (engine === undefined) return standard;
  if (typeof engine === 'object' && engine !== null) return withKnownRules(engine);
  if (Object.hasOwn(engines, engine)) return engines[engine].rules;
  throw new TypeError(
    `Not an engine: write 'chromium', 'firefox' or 'webkit', or leave it out for what the standard says.`,
  );
}

/** Every rule is one of some engine, and says what it says there; a number may be another. */
const ruleValues = new Map<string, Set<unknown>>();
for (const { rules } of Object.values(engines)) {
  for (const [name, value] of Object.entries(rules))
    ruleValues.set(name, (ruleValues.get(name) ?? new Set()).add(value));
}

/** Rules that somebody wrote: a misspelt one would count as absent. @throws TypeError for one that there is not, or says what none does */
function withKnownRules(rules: EngineRules): EngineRules {
  for (const name in rules) {
    if (!Object.hasOwn(rules, name)) continue;
    const values = ruleValues.get(name);
    if (values === undefined)
      throw new TypeError(
        `The engine has a rule ${JSON.stringify(name)}, which there is not: the rules are those of engines.chromium.rules and its like.`,
      );
    const value: unknown = rules[name as keyof EngineRules];
    if (value === undefined || values.has(value)) continue;
    const [one] = values;
    if (typeof one === 'number' && Number.isSafeInteger(value) && (value as number) >= 0) continue;
    const wanted =
      typeof one === 'number'
        ? 'a whole number'
        : [...values].map((each) => JSON.stringify(each)).join(' or ');
    throw new TypeError(`The engine's rule ${name} is ${wanted}; leave it out for what the standard says.`);
  }
  return rules;
}
