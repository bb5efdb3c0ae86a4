const controls = /[\x00-\x1f\x7f]/;

/** The id of a user. @throws TypeError for what cannot name one. */
export function checkedUser(userId: unknown): string {
  if (typeof userId === 'string' && userId !== '' && !controls.test(userId)) return userId;
  throw new TypeError('login needs the user’s id: a string that is not empty and has no control characters.');
}
