import type { Session } from 'hallpass/session';
import type { Desk, DeskContext, SessionData } from './env.ts';
import type { User } from './users.ts';

/** The user of this request and the session that says so; `undefined` for everybody else. */
export async function signedIn(
  c: DeskContext,
  desk: Desk,
): Promise<{ user: User; session: Session<SessionData> } | undefined> {
  const session = await c.var.hallpass.session();
  const user = session.user === undefined ? undefined : desk.users.find(session.user);
  return user && { user, session };
}
