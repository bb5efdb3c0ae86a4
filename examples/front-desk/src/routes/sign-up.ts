import { Hono } from 'hono';
import { idOf } from '../accounts/accounts.ts';
import { passwordProblem } from '../accounts/new-password.ts';
import type { Desk, DeskContext, Env } from '../env.ts';
import { type SignUpForm, signUpPage } from '../pages/sign-up.ts';
import { readForm } from '../read-form.ts';
import { render } from '../render.ts';
import { shownName } from '../shown-name.ts';
import { signedIn } from '../signed-in.ts';

const userName = /^[a-z][a-z0-9._-]{1,29}$/;
const longestName = 60;

function nameProblem(name: string): string | undefined {
  if (name === '') return 'Say what the desk may call you.';
  return Array.from(name).length > longestName ? `Take at most ${longestName} characters.` : undefined;
}

/**
 * New accounts. A user name is public here, so that it is taken may be said. Where people sign up by e-mail, say the same to
 * everybody, and let the message that they get make the difference.
 */
export function signUpRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();
  const page = (c: DeskContext, form: SignUpForm, status: 200 | 422) =>
    render(c, 'Sign up', signUpPage(form), { status, at: '/sign-up' });

  app.get('/sign-up', async (c) => {
    if (await signedIn(c, desk)) return c.redirect('/profile', 303);
    return page(c, { problems: {} }, 200);
  });

  app.post('/sign-up', async (c) => {
    const form = await readForm(c);
    const [id, name, password] = [
      idOf(form.get('user')),
      shownName(form.get('name'), longestName + 1),
      form.get('password'),
    ];
    const problems: SignUpForm['problems'] = {
      user: userName.test(id)
        ? undefined
        : 'Take two to thirty letters, digits, dots or dashes; a letter first.',
      name: nameProblem(name),
      password: passwordProblem(password, id),
    };
    if (Object.values(problems).some(Boolean)) return page(c, { user: id, name, problems }, 422);

    const { address } = c.var.hallpass;
    await desk.throttle.attempt('sign-up', { user: String(address), address });
    const user = await desk.accounts.signUp({ id, name, password });
    if (user === undefined) {
      return page(c, { user: id, name, problems: { user: 'This name is taken.' } }, 422);
    }
    const session = await c.var.hallpass.session();
    session.login(user.id);
    await desk.browsers.remember(c, user.id);
    session.flash('notice', 'Welcome. Your account is made, and you are signed in.');
    return c.redirect('/profile', 303);
  });

  return app;
}
