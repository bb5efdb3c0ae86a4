/** What the browser is told about its cookie: nothing, that it is gone, or a new value. */
export type Emission =
  | undefined
  | 'erase'
  /** `until`: ms since 1970, `null` = until the browser closes. */
  | { readonly value: string; readonly until: number | null };

/** A session's cookie with this value: it outlives the browser only where the visitor asked to be remembered. */
export function emission(value: string, row: { remember: boolean; absoluteAt: number }): Emission {
  return { value, until: row.remember ? row.absoluteAt : null };
}
