import type { DeskContext } from './env.ts';

/** The fields of a urlencoded form. Whatever else was sent reads as a form without those fields. */
export async function readForm(c: DeskContext): Promise<{ get(field: string): string }> {
  const fields = new URLSearchParams(await c.req.text());
  return { get: (field) => fields.get(field) ?? '' };
}
