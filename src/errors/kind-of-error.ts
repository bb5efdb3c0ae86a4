/** The code of what was thrown, or its class: its message may hold anything. `undefined` for what is no error. */
export function kindOfError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^[\w-]{1,64}$/.test(code) ? code : error.constructor.name;
}
