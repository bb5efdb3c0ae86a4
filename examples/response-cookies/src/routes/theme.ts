import { Hono } from 'hono';
import { fieldProblem, readFields } from '../../../shared/requests.ts';
import { isTheme, themeCookie } from '../cookies.ts';
import type { SiteEnv } from '../site.ts';

/** Exercise 2: the theme comes from the server with the page, so no page flashes in the other one. */
export function themeRoutes(): Hono<SiteEnv> {
  return new Hono<SiteEnv>().post('/theme', async (c) => {
    const theme = (await readFields(c)).get('theme');
    if (!isTheme(theme)) return fieldProblem(c, 'theme', 'the theme is light or dark');
    c.var.hallpass.cookies.set(themeCookie, theme);
    return c.redirect('/', 303);
  });
}
