import { Hono } from 'hono';
import { consentCookie, lastVisitCookie } from '../cookies.ts';
import type { Desk, Env } from '../env.ts';
import { profilePage } from '../pages/profile.ts';
import { readForm } from '../read-form.ts';
import { readingOf } from '../reading.ts';
import { render } from '../render.ts';
import { shownName } from '../shown-name.ts';
import { signedIn, toSignIn } from '../signed-in.ts';

const longestNickname = 40;

export function profileRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/profile', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const { user, session } = visitor;
    const { cookies } = c.var.hallpass;
    const lastVisit = cookies.get(lastVisitCookie);
    cookies.set(lastVisitCookie, new Date(desk.clock.now()).toISOString());
    const devices = await desk.sessions.list(user.id);
    const page = profilePage(readingOf(c, desk), {
      user,
      nickname: session.get('nickname'),
      signedInAt: session.createdAt,
      expiresAt: session.expiresAt,
      keepsVisits: cookies.get(consentCookie) === 'yes',
      lastVisit,
      remembered: devices.some(({ id, remember }) => id === session.id && remember),
      devices: devices.length,
    });
    return render(c, 'Profile', page, { visitor });
  });

  app.post('/profile/nickname', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const nickname = shownName((await readForm(c)).get('nickname'), longestNickname);
    if (nickname === '') visitor.session.delete('nickname');
    else visitor.session.set('nickname', nickname);
    visitor.session.flash('notice', 'Saved.');
    return c.redirect('/profile', 303);
  });

  return app;
}
