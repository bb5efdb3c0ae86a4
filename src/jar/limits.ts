/** How many cookies a jar keeps. rfc6265bis §5.7 asks for 50 a domain and 3000 in total at least. */
export interface JarLimits {
  /** For one registrable domain. Default: 180, as in browsers. */
  readonly maxPerSite: number;
  /** In the whole jar. Default: 3000. */
  readonly maxCookies: number;
}

const defaultLimits: JarLimits = { maxPerSite: 180, maxCookies: 3000 };

/** @throws TypeError for what is no number of cookies */
export function limitsOf({ maxPerSite, maxCookies }: Partial<JarLimits> = {}): JarLimits {
  const limits = {
    maxPerSite: maxPerSite ?? defaultLimits.maxPerSite,
    maxCookies: maxCookies ?? defaultLimits.maxCookies,
  };
  for (const [name, count] of Object.entries(limits)) {
    if (!(count >= 0)) throw new TypeError(`limits.${name} is a number of cookies, 0 or more.`);
  }
  return limits;
}
