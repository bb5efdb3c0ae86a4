/** The name of a session at an identity provider. @param caller for the message @throws TypeError for what cannot be one. */
export function checkedExternalId(id: unknown, caller: string): string {
  if (typeof id === 'string' && id !== '' && id.isWellFormed()) return id;
  throw new TypeError(`${caller} needs an externalId that is a string of whole characters and not empty.`);
}
