import { Hono } from 'hono';
import { html } from 'hono/html';
import { fieldProblem, readFields } from '../../../shared/requests.ts';
import { render } from '../render.ts';
import type { SiteEnv } from '../site.ts';

/** Exercise 3: checked, cookie and session last 30 days; unchecked, as long as the browser and 12 hours at most. */
export function rememberMeRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/', async (c) => {
    const session = await c.var.hallpass.session();
    const main =
      session.user === undefined
        ? html`<form method="post" action="/remember-me">
        <label>Name <input name="username" autocomplete="username" required></label>
        <label class="check"><input type="checkbox" name="remember" value="yes"> Remember me</label>
        <button>Log in</button>
      </form>`
        : html`<p>You are <strong>${session.user}</strong>, until ${new Date(session.expiresAt).toISOString()} if you do nothing.</p>
      <form method="post" action="/remember-me/logout"><button>Log out</button></form>`;
    return render(c, 'Remember me', main);
  });

  app.post('/', async (c) => {
    const fields = await readFields(c);
    const username = fields.get('username');
    if (username === '') return fieldProblem(c, 'username', 'a name is required');
    const session = await c.var.hallpass.session();
    session.login(username, { remember: ['yes', 'on', 'true'].includes(fields.get('remember')) });
    return c.redirect('/remember-me', 303);
  });

  app.post('/logout', async (c) => {
    (await c.var.hallpass.session()).logout();
    return c.redirect('/remember-me', 303);
  });

  return app;
}
