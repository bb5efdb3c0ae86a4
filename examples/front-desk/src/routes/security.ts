import { Hono } from 'hono';
import { passwordProblem } from '../accounts/new-password.ts';
import { deviceName } from '../device-name.ts';
import type { Desk, DeskContext, Env } from '../env.ts';
import { type Security, securityPage } from '../pages/security.ts';
import { readForm } from '../read-form.ts';
import { readingOf } from '../reading.ts';
import { render } from '../render.ts';
import { signedIn, toSignIn, type Visitor } from '../signed-in.ts';
import { attemptStepUp, isStale, signInAgain } from '../step-up.ts';

/** The password and the passkeys, behind a look at who it is. */
export function securityRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  async function page(c: DeskContext, visitor: Visitor, problems: Security['problems'] = {}) {
    const status = Object.values(problems).some(Boolean) ? 422 : 200;
    const { user } = visitor;
    const passkeys = await desk.accounts.passkeys(user.id);
    const device = deviceName(c.req.header('user-agent'));
    const content = securityPage({ user, device, passkeys, problems, reading: readingOf(c, desk) });
    return render(c, 'Security', content, { visitor, status, at: '/security' });
  }

  app.get('/security', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    return isStale(visitor) ? c.redirect('/confirm?back=/security', 303) : page(c, visitor);
  });

  app.post('/security/password', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    if (isStale(visitor)) return c.redirect('/confirm?back=/security', 303);
    const { user, session } = visitor;
    const form = await readForm(c);
    const password = form.get('password');
    const problem = isSame(password, form.get('current')) ? sameAgain : passwordProblem(password, user.id);
    if (problem !== undefined) return page(c, visitor, { password: problem });

    const attempt = await attemptStepUp(desk, visitor);
    if (!(await desk.accounts.verify(user.id, form.get('current')))) {
      return page(c, visitor, { current: 'That is not your password.' });
    }
    await attempt.succeeded();
    await desk.accounts.setPassword(user.id, password);

    // Whoever knew the old password may be signed in somewhere: everybody else goes, and this device gets a new cookie.
    await desk.sessions.revokeAll(user.id, { except: session.id });
    await signInAgain(desk, visitor);
    session.flash('notice', 'Your password is changed, and every other device is signed out.');
    return c.redirect('/security', 303);
  });

  return app;
}

const sameAgain = 'Take another one than the password that you have.';
const isSame = (one: string, other: string) => one.normalize('NFKC') === other.normalize('NFKC');
