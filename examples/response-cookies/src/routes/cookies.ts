import { Hono } from 'hono';
import { jsonCookie, plainCookie, preferencesCookie } from '../cookies.ts';
import type { SiteEnv } from '../site.ts';

/** "Setting Cookies" to "Deleting Cookies", and "Using JSONResponse with Cookies". */
export function cookieRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/set-cookie', (c) => {
    c.var.hallpass.cookies.set(plainCookie, 'cookie_value');
    return c.json({ message: 'Cookie set successfully' });
  });

  app.get('/set-advanced-cookie', (c) => {
    c.var.hallpass.cookies.set(preferencesCookie, 'dark_mode');
    return c.json({ message: 'Advanced cookie set successfully' });
  });

  app.get('/read-cookie', (c) => {
    const value = c.var.hallpass.cookies.get(preferencesCookie) ?? null;
    return c.json({ cookie_value: value, message: 'Cookie read successfully' });
  });

  app.get('/update-cookie', (c) => {
    const { cookies } = c.var.hallpass;
    const previous = cookies.get(preferencesCookie) ?? null;
    const next = previous === 'dark_mode' ? 'light_mode' : 'dark_mode';
    cookies.set(preferencesCookie, next);
    return c.json({ previous_value: previous, new_value: next, message: 'Cookie updated successfully' });
  });

  app.get('/delete-cookie', (c) => {
    c.var.hallpass.cookies.delete(preferencesCookie);
    return c.json({ message: 'Cookie deleted successfully' });
  });

  app.get('/json-with-cookie', () => {
    const response = Response.json({ message: 'This response has a cookie' });
    return jsonCookie.set(response, 'cookie_from_json_response');
  });

  return app;
}
