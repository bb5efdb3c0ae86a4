import { createMiddleware } from 'hono/factory';
import type { SiteEnv } from './site.ts';

/** The article's `get_current_user`: puts the user's name in `c.var.user`, `null` without a valid session. */
export const currentUser = createMiddleware<SiteEnv & { Variables: { user: string | null } }>(
  async (c, next) => {
    c.set('user', (await c.var.hallpass.user()) ?? null);
    await next();
  },
);
