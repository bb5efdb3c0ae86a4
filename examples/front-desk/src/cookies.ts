import { defineCookie } from 'hallpass';
import { isInstant, schemaOf } from '../../shared/schema.ts';

export type Theme = 'light' | 'dark' | 'auto';
export const themes: readonly Theme[] = ['light', 'dark', 'auto'];

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

/** How the pages look. Anything but the three values reads as `auto`. */
export const themeCookie = defineCookie('theme', {
  maxAge: '365d',
  schema: schemaOf(isTheme, 'light, dark or auto'),
  default: 'auto',
});

/** When this browser last opened the profile. Anything but an instant reads as `undefined`: never. */
export const lastVisitCookie = defineCookie('last-visit', {
  maxAge: '365d',
  schema: schemaOf(isInstant, 'an ISO 8601 instant'),
});
