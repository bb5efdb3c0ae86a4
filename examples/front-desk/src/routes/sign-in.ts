import { Hono } from 'hono';
import { idOf } from '../accounts/accounts.ts';
import type { Desk, DeskContext, Env } from '../env.ts';
import { ownPath } from '../own-path.ts';
import { type SignInNotice, signInPage } from '../pages/sign-in.ts';
import { readForm } from '../read-form.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

export function signInRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/sign-in', async (c) => {
    const back = backOf(c.req.query('back'));
    if (await signedIn(c, desk)) return c.redirect(back, 303);
    return render(c, 'Sign in', signInPage(noticeOf(c.req.query()), { demo: desk.demo, back }));
  });

  app.post('/sign-in', async (c) => {
    const form = await readForm(c);
    const remember = form.get('remember') === 'yes';
    const back = backOf(form.get('back'));
    const id = idOf(form.get('user'));
    const attempt = await attemptSignIn(c, desk, id);
    const user = await desk.accounts.verify(id, form.get('password'));
    if (user === undefined) {
      const page = signInPage('wrong', { demo: desk.demo, back, user: form.get('user'), remember });
      return render(c, 'Sign in', page, { status: 401, at: '/sign-in' });
    }
    await attempt.succeeded();
    const session = await c.var.hallpass.session();
    session.login(user.id, { remember });
    await desk.browsers.remember(c, user.id);
    return c.redirect(back, 303);
  });

  app.post('/sign-out', async (c) => {
    const session = await c.var.hallpass.session();
    session.logout();
    return c.redirect('/sign-in?signed-out=1', 303);
  });

  return app;
}

/** Counted by the browser where the user signed in with it before, and by the user elsewhere. It is as much work for either. */
async function attemptSignIn(c: DeskContext, desk: Desk, user: string) {
  const { address } = c.var.hallpass;
  const browser = await desk.browsers.idFor(c, user);
  return browser === undefined
    ? desk.throttle.attempt('password', { user, address })
    : desk.throttle.attempt('known-browser', { user: `${browser} ${user}`, address });
}

function noticeOf(query: Record<string, string>): SignInNotice {
  if ('dropped' in query) return 'dropped';
  if ('ended' in query) return 'ended';
  return 'signed-out' in query ? 'signed-out' : undefined;
}

/** Where a sign-in leads: to the page that was asked for, or to the profile. Never to another site. */
const backOf = (asked: string | undefined) => (asked ? ownPath(asked) : '/profile');
