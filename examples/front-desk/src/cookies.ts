import { defineCookie } from 'hallpass';
import type { ConsentPolicy } from 'hallpass/server';
import { isInstant, oneOf, schemaOf } from '../../shared/schema.ts';

export const themes = ['light', 'dark', 'auto'] as const;
export type Theme = (typeof themes)[number];
export const isTheme = oneOf(...themes);

/** How the pages look. Anything but the three values reads as `auto`. */
export const themeCookie = defineCookie('theme', {
  maxAge: '365d',
  schema: schemaOf(isTheme, 'light, dark or auto'),
  default: 'auto',
});

export const dateFormats = ['en-GB', 'en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP'] as const;
export type DateFormat = (typeof dateFormats)[number];
export const isDateFormat = oneOf(...dateFormats);

/** In which country's manner dates are written. The pages themselves are in English. */
export const dateFormatCookie = defineCookie('date-format', {
  maxAge: '365d',
  schema: schemaOf(isDateFormat, 'a format of the list'),
  default: 'en-GB',
});

export const timeZones: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
export const isTimeZone = oneOf(...timeZones);

/** Where the reader's clock hangs. */
export const timeZoneCookie = defineCookie('time-zone', {
  maxAge: '365d',
  schema: schemaOf(isTimeZone, 'a time zone of the IANA database'),
  default: 'UTC',
});

export const isAnswer = oneOf('yes', 'no');

/** The answer to the banner. While there is none, it is asked, and counts as no. */
export const consentCookie = defineCookie('consent', {
  maxAge: '180d',
  schema: schemaOf(isAnswer, 'yes or no'),
});

/** When this browser last opened the profile, for those who agree. Anything but an instant reads as `undefined`: never. */
export const lastVisitCookie = defineCookie('last-visit', {
  maxAge: '180d',
  schema: schemaOf(isInstant, 'an ISO 8601 instant'),
  consent: 'visits',
});

/** The pipeline sets no cookie of a purpose without this, and expires those that came when the answer is no longer yes. */
export const consent: ConsentPolicy<unknown[]> = {
  purposes: (read) => (read(consentCookie) === 'yes' ? ['visits'] : []),
  cookies: [lastVisitCookie],
};

/** Every cookie of the desk but the session's, for `/debug/cookies`. */
export const definedCookies = [themeCookie, dateFormatCookie, timeZoneCookie, consentCookie, lastVisitCookie];
