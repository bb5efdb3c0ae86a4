import { defineCookie } from 'hallpass';

export type Theme = 'light' | 'dark' | 'auto';
export const themes: readonly Theme[] = ['light', 'dark', 'auto'];

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

/** ISO 8601 as `Date.toISOString` writes it, and a day that exists. */
export function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** A Standard Schema made by hand; a schema of zod, valibot or arktype goes in the same place. */
function schema<T extends string>(accepts: (value: unknown) => value is T, message: string) {
  return {
    '~standard': {
      version: 1 as const,
      vendor: 'front-desk',
      validate: (value: unknown) => (accepts(value) ? { value } : { issues: [{ message }] }),
      types: undefined as { input: T; output: T } | undefined,
    },
  };
}

/** How the pages look. Anything but the three values reads as `auto`. */
export const themeCookie = defineCookie('theme', {
  maxAge: '365d',
  schema: schema(isTheme, 'light, dark or auto'),
  default: 'auto',
});

/** When this browser last opened the profile. Anything but an instant reads as `undefined`: never. */
export const lastVisitCookie = defineCookie('last-visit', {
  maxAge: '365d',
  schema: schema(isInstant, 'an ISO 8601 instant'),
});
