const controls = /[\x00-\x1f\x7f]/;

/** The id of a user. @param caller for the message @throws TypeError for what cannot name one. */
export function checkedUser(userId: unknown, caller: string): string {
  if (typeof userId === 'string' && userId !== '' && !controls.test(userId)) return userId;
  throw new TypeError(
    `${caller} needs the user’s id: a string that is not empty and has no control characters.`,
  );
}
