/** Next.js, and React, say by the `digest` of an error what it means. */
function digestOf(thrown: unknown): string | undefined {
  const digest = thrown instanceof Error && 'digest' in thrown ? thrown.digest : undefined;
  return typeof digest === 'string' ? digest : undefined;
}

/** True for what Next.js throws for itself, to render a page in another way: it wants it back. */
export function isForNext(thrown: unknown): boolean {
  return digestOf(thrown) !== undefined;
}

/** The answer that `redirect()`, `permanentRedirect()`, `notFound()`, `forbidden()` and `unauthorized()` of next/navigation throw. */
export function thrownAnswer(thrown: unknown): { status: number; location?: string } | undefined {
  const [name, ...rest] = digestOf(thrown)?.split(';') ?? [];
  if (name === 'NEXT_HTTP_ERROR_FALLBACK') return valid({ status: Number(rest[0]) });
  // NEXT_REDIRECT;replace;/a;b;307; is a redirect to /a;b.
  if (name === 'NEXT_REDIRECT')
    return valid({ status: Number(rest.at(-2)), location: rest.slice(1, -2).join(';') });
  return undefined;
}

function valid(answer: { status: number; location?: string }): typeof answer | undefined {
  return answer.status >= 300 && answer.status < 500 ? answer : undefined;
}
