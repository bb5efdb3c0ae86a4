import { type CookieDefinition, defineCookie } from 'hallpass';
import { oneOf, schemaOf } from '../../shared/schema.ts';
import { isPreferences, noPreferences } from './preferences.ts';

/** §2 `/set-cookie`. Not sensitive, so it lacks what the article's lacks; the article's section 8 wants both flags on session cookies. */
export const userIdCookie = defineCookie('user_id', { secure: false, httpOnly: false });

/** §2 and §3: the cookie of a session in the store. Sessions write it; this definition is for asking and for deleting. */
export const sessionIdCookie = defineCookie('session_id', { sensitive: true });

/** §4: every flag of the article's table. @param domain unsaid, the cookie stays with its host; Domain hands it to every host below */
export const sessionTokenCookie = (domain?: string): CookieDefinition<string, string | undefined> =>
  defineCookie('session_token', {
    maxAge: '1d',
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
    sensitive: true,
    ...(domain !== undefined && { domain }),
  });

/** §6. */
export const temporaryCookie = defineCookie('temp_token', { maxAge: '30m' });
export const persistentCookie = defineCookie('persistent');

/** §10: what a visitor prefers. Anything invalid reads as the defaults, whole. */
export const preferencesCookie = defineCookie('preferences', {
  maxAge: '365d',
  format: 'json',
  schema: schemaOf(isPreferences, 'a theme, a language tag and a time zone'),
  default: noPreferences,
});

/** §10: the visitor's answer. */
export const consentCookie = defineCookie('consent', {
  maxAge: '180d',
  schema: schemaOf(oneOf('accepted', 'declined'), 'accepted or declined'),
});

/** §10: a random id of our own, in the place of `_ga`; only after consent. */
export const visitorCookie = defineCookie('visitor_id', {
  maxAge: '180d',
  consent: 'statistics',
  schema: schemaOf((value): value is string => /^[0-9a-f-]{36}$/.test(String(value)), 'a UUID'),
});

/** What §11 knows of a cookie. */
export type KnownCookie = Pick<CookieDefinition<never, unknown>, 'name' | 'attributes' | 'sensitive'>;

/** Those of the sections, and those that hallpass sets by itself: of sealed sessions, tokens and forms. */
export const knownCookies: readonly KnownCookie[] = [
  userIdCookie,
  sessionIdCookie,
  temporaryCookie,
  persistentCookie,
  preferencesCookie,
  consentCookie,
  visitorCookie,
  defineCookie('__Host-session', { sensitive: true }),
  defineCookie('access_token', { maxAge: '1h', sensitive: true }),
  defineCookie('refresh_token', { maxAge: '30d', sameSite: 'strict', sensitive: true }),
  defineCookie('__Host-csrf', { sensitive: true }),
];
