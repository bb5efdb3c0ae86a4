import { Hono } from 'hono';
import type { Desk, Env } from '../env.ts';
import { devicesPage } from '../pages/devices.ts';
import { readForm } from '../read-form.ts';
import { readingOf } from '../reading.ts';
import { render } from '../render.ts';
import { signedIn, toSignIn } from '../signed-in.ts';
import { isStale } from '../step-up.ts';

/** Who ends another device shows first who they are (ASVS 7.5.2): a stolen session must not sign its owner out. */
const confirmFirst = '/confirm?back=/devices';

/** The user's sessions on this and other devices, and their end. */
export function deviceRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/devices', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const { user, session } = visitor;
    const devices = await desk.sessions.list(user.id);
    const programs = new Set((await desk.tokens.list(user.id)).map(({ family }) => family));
    const page = devicesPage({
      devices,
      programs,
      current: session.id,
      asksFirst: isStale(visitor),
      reading: readingOf(c, desk),
    });
    return render(c, 'Devices', page, { visitor });
  });

  app.post('/devices/sign-out', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const { user, session } = visitor;
    const id = (await readForm(c)).get('id');
    if (id === session.id) {
      session.logout();
      return c.redirect('/sign-in?signed-out=1', 303);
    }
    if (isStale(visitor)) return c.redirect(confirmFirst, 303);
    const ended = await desk.sessions.revoke(id, { user: user.id });
    session.flash('notice', ended ? 'That device is signed out.' : 'That device was signed out already.');
    return c.redirect('/devices', 303);
  });

  app.post('/devices/sign-out-others', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const { user, session } = visitor;
    if (isStale(visitor)) return c.redirect(confirmFirst, 303);
    const count = await desk.sessions.revokeAll(user.id, { except: session.id });
    session.flash(
      'notice',
      count === 1 ? 'One other device is signed out.' : `${count} other devices are signed out.`,
    );
    return c.redirect('/devices', 303);
  });

  return app;
}
