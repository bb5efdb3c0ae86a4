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
