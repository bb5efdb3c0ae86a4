/** A Standard Schema made by hand; a schema of zod, valibot or arktype goes in the same place. */
export function schemaOf<T>(accepts: (value: unknown) => value is T, message: string) {
  return {
    '~standard': {
      version: 1 as const,
      vendor: 'examples',
      validate: (value: unknown) => (accepts(value) ? { value } : { issues: [{ message }] }),
      types: undefined as { input: T; output: T } | undefined,
    },
  };
}

/** Accepts these texts and nothing else. */
export function oneOf<const T extends string>(...texts: T[]): (value: unknown) => value is T {
  return (value): value is T => texts.some((text) => text === value);
}

/** ISO 8601 as `Date.toISOString` writes it, and a day that exists. */
export function isInstant(value: unknown): value is string {
  const date = new Date(String(value));
  return typeof value === 'string' && !Number.isNaN(date.getTime()) && date.toISOString() === value;
}
