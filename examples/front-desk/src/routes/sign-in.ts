import { Hono } from 'hono';
import type { Desk, Env } from '../env.ts';
import { readForm } from '../form.ts';
import { type SignInNotice, signInPage } from '../pages/sign-in.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

export function signInRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/sign-in', async (c) => {
    if (await signedIn(c, desk)) return c.redirect('/profile', 303);
    return render(c, 'Sign in', signInPage(noticeOf(c.req.query())));
  });

  app.post('/sign-in', async (c) => {
    const form = await readForm(c);
    const remember = form.get('remember') === 'yes';
    const { address } = c.var.hallpass;
    const attempt = await desk.throttle.attempt({ user: form.get('user'), address });
    const user = await desk.users.verify(form.get('user'), form.get('password'));
    if (user === undefined) {
      return render(c, 'Sign in', signInPage('wrong', { user: form.get('user'), remember }), { status: 401 });
    }
    await attempt.succeeded();
    const session = await c.var.hallpass.session();
    session.login(user.id, { remember });
    return c.redirect('/profile', 303);
  });

  app.post('/sign-out', async (c) => {
    const session = await c.var.hallpass.session();
    session.logout();
    return c.redirect('/sign-in?signed-out=1', 303);
  });

  return app;
}

function noticeOf(query: Record<string, string>): SignInNotice {
  if ('dropped' in query) return 'dropped';
  return 'signed-out' in query ? 'signed-out' : undefined;
}
