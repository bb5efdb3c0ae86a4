import { explain } from 'hallpass/why';

/** The codes that are the desk's own, each with what it means. All others are those of hallpass. */
export const ownCodes = {
  'not-found': 'There is nothing at this address.',
  'method-not-allowed': 'The address takes another method: the header Allow says which.',
  'content-too-large': 'Nothing that this desk takes is as long as what was sent. Nothing was saved.',
} as const;

/** The page that explains a code: among the documents, or the desk's own; `undefined` for one that nobody explains. */
export function pageOfCode(code: string): string | undefined {
  if (explain(code) !== undefined) return `/docs/why/${code}`;
  return Object.hasOwn(ownCodes, code) ? `/api#${code}` : undefined;
}
