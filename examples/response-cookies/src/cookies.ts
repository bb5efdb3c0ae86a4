import { defineCookie } from 'hallpass';
import { isInstant, oneOf, schemaOf } from '../../shared/schema.ts';

// The article's own cookies, with the attributes that it prints. What is not sensitive may do without Secure and HttpOnly.

/** `/set-cookie`: as bare as the article sets it. */
export const plainCookie = defineCookie('cookie_name', { secure: false, httpOnly: false });

/** `/set-advanced-cookie`. Update and deletion repeat these attributes, because they stand here once. */
export const preferencesCookie = defineCookie('user_preferences', { maxAge: '1h', secure: false });

/** `/json-with-cookie`. */
export const jsonCookie = defineCookie('my_cookie', { secure: false, httpOnly: false });

// The exercises' cookies.

/** When this browser last asked. Anything but an instant reads as `undefined`: never. */
export const lastVisitCookie = defineCookie('last_visit', {
  maxAge: '365d',
  schema: schemaOf(isInstant, 'an ISO 8601 instant'),
});

export const isTheme: (value: unknown) => value is 'light' | 'dark' = oneOf('light', 'dark');

/** How pages look. Anything else reads as `light`. */
export const themeCookie = defineCookie('theme', {
  maxAge: '365d',
  schema: schemaOf(isTheme, 'light or dark'),
  default: 'light',
});

/** The visitor's answer to the banner. Anything else reads as `undefined`: not asked yet. */
export const consentCookie = defineCookie('consent', {
  maxAge: '180d',
  schema: schemaOf(oneOf('accepted', 'declined'), 'accepted or declined'),
});

/** A random id, for counting visits. Set only while consent is `accepted`. */
export const visitorCookie = defineCookie('visitor_id', {
  maxAge: '180d',
  consent: 'statistics',
  schema: schemaOf((value): value is string => /^[0-9a-f-]{36}$/.test(String(value)), 'a UUID'),
});
