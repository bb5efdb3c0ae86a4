import type { Clock } from 'hallpass';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { wantsPage } from '../../../shared/requests.ts';
import { lastVisitCookie } from '../cookies.ts';
import { render } from '../render.ts';
import type { SiteEnv } from '../site.ts';

/** Exercise 1: a cookie with the time of this visit, and the time of the last one on the page. */
export function lastVisitRoutes(clock: Clock): Hono<SiteEnv> {
  return new Hono<SiteEnv>().get('/last-visit', (c) => {
    const { cookies } = c.var.hallpass;
    const lastVisit = cookies.get(lastVisitCookie) ?? 'never';
    cookies.set(lastVisitCookie, new Date(clock.now()).toISOString());
    if (!wantsPage(c)) return c.json({ last_visit: lastVisit });
    return render(c, 'Your last visit', html`<p>You were last here: <strong>${lastVisit}</strong></p>`);
  });
}
