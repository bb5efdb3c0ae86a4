import type { Session } from 'hallpass/session';
import type { User } from './accounts/accounts.ts';
import type { Desk, DeskContext, SessionData } from './env.ts';

/** A user, and the session that says so. */
export interface Visitor {
  user: User;
  session: Session<SessionData>;
}

/** The visitor of this request; `undefined` for everybody who is not signed in. */
export async function signedIn(c: DeskContext, desk: Desk): Promise<Visitor | undefined> {
  const session = await c.var.hallpass.session();
  const user = session.user === undefined ? undefined : await desk.accounts.find(session.user);
  return user && { user, session };
}
