import type { SessionRecord } from './contract.ts';

const externalPrefix = '\x1fexternal:';
/** Stands round each id in a text. No JSON text holds one. */
const mark = '\t';

/**
 * The name under which sessions with this id at an identity provider are indexed: beside the users, whose ids hold no
 * control character.
 */
export function externalIndex(externalId: string): string {
  return externalPrefix + externalId;
}

/** The ids at identity providers as one text, in which each is found as a database finds text. */
export function externalIdsText(ids: readonly string[] | undefined): string | undefined {
  if (ids === undefined || ids.length === 0) return undefined;
  return mark + ids.map((id) => JSON.stringify(id) + mark).join('');
}

/** What {@link externalIdsText} was given. */
export function externalIdsIn(text: string | null | undefined): readonly string[] | undefined {
  const ids = text?.split(mark).filter((id) => id !== '');
  return ids?.map((id) => JSON.parse(id) as string);
}

/** What the text of ids holds in every session that belongs to this index, and in no other: nothing, where it is a user's. */
export function idIn(index: string): string {
  if (!index.startsWith(externalPrefix)) return mark + mark;
  return mark + JSON.stringify(index.slice(externalPrefix.length)) + mark;
}

/** True for a session that stands on an index and, as its row says, belongs to somebody else: another login was faster. */
export function belongsElsewhere(
  { userId, externalIds = [] }: Pick<SessionRecord, 'userId' | 'externalIds'>,
  index: string,
): boolean {
  if (userId === null || userId === index) return false;
  return !externalIds.some((id) => externalIndex(id) === index);
}
