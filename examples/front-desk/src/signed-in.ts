import type { Session } from 'hallpass/session';
import type { User } from './accounts/accounts.ts';
import type { Desk, DeskContext, SessionData } from './env.ts';
import { ownPath } from './own-path.ts';

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

/** To the form, and from there to the page that was asked for. A form that somebody sends without a session leads to the form alone. */
export async function toSignIn(c: DeskContext): Promise<Response> {
  const query = new URLSearchParams();
  const [reason] = (await c.var.hallpass.session()).explain().reasons;
  if (reason !== undefined && reason.code !== 'session-no-cookie') query.set('ended', '1');
  // The form leads to such a page only with the right password: then the browser has dropped the cookie.
  else if (/\/sign-in(\?|$)/.test(c.req.header('referer') ?? '')) query.set('dropped', '1');
  const { pathname, search } = new URL(c.req.url);
  if (c.req.method === 'GET' && pathname !== '/profile') query.set('back', ownPath(pathname + search));
  return c.redirect(query.size === 0 ? '/sign-in' : `/sign-in?${query}`, 303);
}
