export interface Preferences {
  theme: 'light' | 'dark';
  /** A BCP 47 tag in its canonical form, as `de-AT`. */
  language: string;
  /** A name of the IANA time zone database, as `Europe/Vienna`. */
  timezone: string;
}

export const noPreferences: Preferences = { theme: 'light', language: 'en', timezone: 'UTC' };

const longest = 64;

/** Checks one preference: its canonical text, or `undefined` for what is none. */
export const readers: { [K in keyof Preferences]: (text: string) => Preferences[K] | undefined } = {
  theme: (text) => (text === 'light' || text === 'dark' ? text : undefined),

  language(text) {
    try {
      return text.length > longest ? undefined : Intl.getCanonicalLocales(text)[0];
    } catch {
      return undefined;
    }
  },

  timezone(text) {
    // An offset such as +02:00 is no zone: it knows no summer.
    if (text.length > longest || !/^[a-z]/i.test(text)) return undefined;
    try {
      return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
    } catch {
      return undefined;
    }
  },
};

export const names = Object.keys(readers) as (keyof Preferences)[];

/** True for what `POST /preferences` stores. */
export function isPreferences(value: unknown): value is Preferences {
  const given = Object(value) as Record<string, unknown>;
  return (
    Object.keys(given).length === names.length &&
    names.every((name) => typeof given[name] === 'string' && readers[name](given[name]) === given[name])
  );
}
