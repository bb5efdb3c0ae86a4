import { Hono } from 'hono';
import {
  consentCookie,
  dateFormatCookie,
  isAnswer,
  isDateFormat,
  isTheme,
  isTimeZone,
  themeCookie,
  timeZoneCookie,
} from '../cookies.ts';
import type { Desk, DeskContext, Env } from '../env.ts';
import { ownPath } from '../own-path.ts';
import { messagePage } from '../pages/message.ts';
import { settingsPage } from '../pages/settings.ts';
import { readForm } from '../read-form.ts';
import { readingOf } from '../reading.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

/** What a browser may choose, signed in or not: each choice is a cookie. */
export function settingsRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/settings', async (c) => {
    const visitor = await signedIn(c, desk);
    const page = settingsPage(readingOf(c, desk), c.var.hallpass.cookies.get(consentCookie));
    return render(c, 'Settings', page, { visitor });
  });

  app.post('/theme', async (c) => {
    const form = await readForm(c);
    const theme = form.get('theme');
    if (!isTheme(theme)) return noSuchChoice(c, 'The theme is light, dark or auto.');
    c.var.hallpass.cookies.set(themeCookie, theme);
    return c.redirect(ownPath(form.get('back')), 303);
  });

  app.post('/settings/dates', async (c) => {
    const form = await readForm(c);
    const [dateFormat, timeZone] = [form.get('format'), form.get('time-zone')];
    if (!isDateFormat(dateFormat) || !isTimeZone(timeZone)) {
      return noSuchChoice(c, 'Choose a format and a time zone of the lists.');
    }
    c.var.hallpass.cookies.set(dateFormatCookie, dateFormat);
    c.var.hallpass.cookies.set(timeZoneCookie, timeZone);
    return c.redirect('/settings', 303);
  });

  app.post('/consent', async (c) => {
    const form = await readForm(c);
    const answer = form.get('answer');
    if (!isAnswer(answer)) return noSuchChoice(c, 'The answer is yes or no.');
    c.var.hallpass.cookies.set(consentCookie, answer);
    return c.redirect(ownPath(form.get('back')), 303);
  });

  async function noSuchChoice(c: DeskContext, sentence: string) {
    const visitor = await signedIn(c, desk);
    return render(c, 'No such choice', messagePage(422, 'No such choice', sentence), {
      visitor,
      status: 422,
      at: '/settings',
    });
  }

  return app;
}
