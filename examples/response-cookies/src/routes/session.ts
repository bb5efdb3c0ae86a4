import { Hono } from 'hono';
import { fieldProblem, readFields } from '../../../shared/requests.ts';
import { currentUser } from '../current-user.ts';
import { loginPage } from '../pages/login.ts';
import { render } from '../render.ts';
import type { SiteEnv } from '../site.ts';

/**
 * "Practical Example: User Session Management". As in the article there is no password: who asks is believed.
 * The front desk has passwords.
 */
export function sessionRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/login-page', (c) => render(c, 'Log in', loginPage));

  app.post('/login', async (c) => {
    const username = (await readFields(c)).get('username');
    if (username === '') return fieldProblem(c, 'username', 'a name is required');
    const session = await c.var.hallpass.session();
    session.login(username, { remember: true });
    return c.json({ message: `Welcome, ${username}! You are now logged in.` });
  });

  app.get('/profile', currentUser, (c) => {
    const { user } = c.var;
    if (user === null) return c.redirect('/login-page', 303);
    return c.json({ message: `Hello, ${user}! This is your profile page.` });
  });

  app.post('/logout', currentUser, async (c) => {
    if (c.var.user === null) return c.json({ message: "You're not logged in" });
    (await c.var.hallpass.session()).logout();
    return c.json({ message: 'You have been logged out successfully' });
  });

  return app;
}
