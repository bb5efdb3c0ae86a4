/**
 * The name under which sessions with this id at an identity provider are indexed: beside the users, whose ids hold no
 * control character.
 */
export function externalIndex(externalId: string): string {
  return `\x1fexternal:${externalId}`;
}
