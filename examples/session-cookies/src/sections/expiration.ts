import { Hono } from 'hono';
import { persistentCookie, sessionIdCookie, temporaryCookie } from '../cookies.ts';
import type { Site, SiteEnv } from '../site.ts';

const week = 7 * 86_400_000;

/** §6, which the article leaves without a title: cookies that expire. */
export function expirationRoutes({ clock }: Site): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.post('/set-temporary-cookie', (c) => {
    c.var.hallpass.cookies.set(temporaryCookie, 'temp_value');
    return c.json({ status: 'temp cookie set' });
  });

  app.post('/set-persistent-cookie', (c) => {
    const expires = new Date(clock.now() + week);
    c.var.hallpass.cookies.set(persistentCookie, 'persistent_value', { expires });
    return c.json({ status: 'persistent cookie set' });
  });

  app.post('/delete-cookie', (c) => {
    c.var.hallpass.cookies.delete(sessionIdCookie);
    return c.json({ status: 'cookie deleted' });
  });

  return app;
}
