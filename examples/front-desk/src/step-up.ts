import type { Attempt } from 'hallpass/session';
import type { Desk } from './env.ts';
import type { Visitor } from './signed-in.ts';

/** True when the password was given so long ago that a sensitive page asks for it again. */
export const isStale = ({ session }: Visitor): boolean => !session.fresh('5m');

/** Counted by the session: whoever guesses elsewhere, or in another one, keeps nobody from it. */
export const attemptStepUp = (desk: Desk, { session }: Visitor): Promise<Attempt> =>
  desk.throttle.attempt('step-up', { user: session.id });

/** A fresh sign-in of the same user in the same session, remembered as before. The cookie until now is worth nothing. */
export async function signInAgain(desk: Desk, { user, session }: Visitor): Promise<void> {
  const here = (await desk.sessions.list(user.id)).find(({ id }) => id === session.id);
  session.login(user.id, { remember: here?.remember ?? false });
}
