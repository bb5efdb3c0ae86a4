const controls = /[\x00-\x1f\x7f]/;

/** The id of a user. @param caller for the message @throws TypeError for what cannot name one in every store */
export function checkedUser(userId: unknown, caller: string): string {
  if (typeof userId === 'string' && userId !== '' && !controls.test(userId) && userId.isWellFormed()) {
    return userId;
  }
  throw new TypeError(
    `${caller} needs the user’s id: a string of whole characters that is not empty and has no control characters.`,
  );
}

/** What `String()` makes of a user that is not there. All such visitors would be one user. */
const nobodies: ReadonlySet<string> = new Set(['undefined', 'null', 'NaN', '[object Object]']);

/** The id of a user who signs in. @param caller for the message @throws TypeError as {@link checkedUser}, and for what is the text of no id */
export function checkedSignIn(userId: unknown, caller: string): string {
  const user = checkedUser(userId, caller);
  if (!nobodies.has(user)) return user;
  throw new TypeError(
    `${caller}: '${user}' is the text of no id. See first whether there is one: id === undefined ? undefined : String(id).`,
  );
}
