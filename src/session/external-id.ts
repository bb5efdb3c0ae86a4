/** The name of a session at an identity provider. @param caller for the message @throws TypeError for what cannot be one. */
export function checkedExternalId(id: unknown, caller: string): string {
  if (typeof id === 'string' && id !== '' && id.isWellFormed()) return id;
  throw new TypeError(`${caller} needs an externalId that is a string of whole characters and not empty.`);
}

/**
 * The name under which sessions with this id at an identity provider are indexed: beside the users, whose ids hold no
 * control character.
 */
export function externalIndex(externalId: string): string {
  return `\x1fexternal:${externalId}`;
}
