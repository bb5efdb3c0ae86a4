import { Hono } from 'hono';
import type { Desk, Env } from '../env.ts';
import { ownPath } from '../own-path.ts';
import { confirmPage } from '../pages/confirm.ts';
import { readForm } from '../read-form.ts';
import { render } from '../render.ts';
import { signedIn, toSignIn } from '../signed-in.ts';
import { attemptStepUp, signInAgain } from '../step-up.ts';

/** The password once more, on the way to a sensitive page. */
export function confirmRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/confirm', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const back = ownPath(c.req.query('back') ?? '');
    return render(c, 'Is it you?', confirmPage(back, visitor.user.id), { visitor });
  });

  app.post('/confirm', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const { user } = visitor;
    const form = await readForm(c);
    const back = ownPath(form.get('back'));
    const attempt = await attemptStepUp(desk, visitor);
    if (!(await desk.accounts.verify(user.id, form.get('password')))) {
      const page = confirmPage(back, user.id, 'That is not your password.');
      return render(c, 'Is it you?', page, {
        visitor,
        status: 422,
        at: `/confirm?${new URLSearchParams({ back })}`,
      });
    }
    await attempt.succeeded();
    await signInAgain(desk, visitor);
    return c.redirect(back, 303);
  });

  return app;
}
