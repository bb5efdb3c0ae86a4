import { Hono } from 'hono';
import { isTheme, themeCookie } from '../cookies.ts';
import type { Desk, Env } from '../env.ts';
import { readForm } from '../form.ts';
import { messagePage } from '../pages/message.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

/** A path of this desk, and nothing that a browser could read as another host. */
const ownPath = /^\/[a-z][a-z/-]*$/;

export function themeRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>().post('/theme', async (c) => {
    const form = await readForm(c);
    const theme = form.get('theme');
    if (!isTheme(theme)) {
      const visitor = await signedIn(c, desk);
      const page = messagePage(422, 'No such theme', 'The theme is light, dark or auto.');
      return render(c, 'No such theme', page, { visitor, status: 422 });
    }
    c.var.hallpass.cookies.set(themeCookie, theme);
    return c.redirect(ownPath.test(form.get('back')) ? form.get('back') : '/', 303);
  });
}
