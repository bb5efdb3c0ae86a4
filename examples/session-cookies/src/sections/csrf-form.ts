import { Hono } from 'hono';
import { html } from 'hono/html';
import { page } from '../../../shared/page.ts';
import { readFields } from '../../../shared/requests.ts';
import type { SiteEnv } from '../site.ts';

/**
 * §10 "CSRF token cookie": a form whose token is an HMAC over the session, so a cookie planted from a neighbouring host does not help.
 * The pipeline checks the token before the handler runs; it asks for one where no header says which site a request comes from.
 */
export function csrfFormRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/', async (c) => {
    const token = await c.var.hallpass.csrfToken();
    const form = html`<form method="post">
        <input type="hidden" name="csrf_token" value="${token}">
        <label>Note <input name="note" required></label>
        <button>Save</button>
      </form>`;
    return c.html(page('A form with a token', form));
  });

  app.post('/', async (c) => c.json({ saved: (await readFields(c)).get('note') }));

  return app;
}
