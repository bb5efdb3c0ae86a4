import { Hono } from 'hono';
import { fieldProblem, readFields } from '../../../shared/requests.ts';
import { consentCookie, visitorCookie } from '../cookies.ts';
import type { SiteEnv } from '../site.ts';

/** §10 "Tracking cookie": not before consent, and gone when consent is. */
export function trackingRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/tracking', (c) => {
    const { cookies } = c.var.hallpass;
    return c.json({
      consent: cookies.get(consentCookie) ?? null,
      visitor_id: cookies.get(visitorCookie) ?? null,
    });
  });

  app.post('/tracking', async (c) => {
    const consent = (await readFields(c)).get('consent');
    const { cookies } = c.var.hallpass;
    if (consent === 'accepted') {
      cookies.set(visitorCookie, cookies.get(visitorCookie) ?? crypto.randomUUID());
    } else if (consent !== 'declined') {
      return fieldProblem(c, 'consent', 'consent is accepted or declined');
    }
    cookies.set(consentCookie, consent);
    return c.json({ consent });
  });

  return app;
}
