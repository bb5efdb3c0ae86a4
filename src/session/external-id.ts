/** The name of a session at an identity provider. @param caller for the message @throws TypeError for what cannot be one. */
export function checkedExternalId(id: unknown, caller: string): string {
  if (typeof id === 'string' && id !== '' && id.isWellFormed()) return id;
  throw new TypeError(`${caller} needs an externalId that is a string of whole characters and not empty.`);
}

/** Each of them once; `undefined` for none. @throws as {@link checkedExternalId} */
export function checkedExternalIds(ids: unknown, caller: string): readonly string[] | undefined {
  const all = Array.isArray(ids) ? ids : ids === undefined ? [] : [ids];
  const checked = all.map((id) => checkedExternalId(id, caller));
  return checked.length === 0 ? undefined : [...new Set(checked)];
}
