import { hallpass } from 'hallpass/hono';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { frame } from '../../shared/page.ts';
import { createRoutes } from '../../shared/requests.ts';
import { consent } from './consent.ts';
import { render } from './render.ts';
import { consentRoutes } from './routes/consent.ts';
import { cookieRoutes } from './routes/cookies.ts';
import { homeRoutes } from './routes/home.ts';
import { lastVisitRoutes } from './routes/last-visit.ts';
import { outcomeRoutes } from './routes/outcomes.ts';
import { rememberMeRoutes } from './routes/remember-me.ts';
import { sessionRoutes } from './routes/session.ts';
import { themeRoutes } from './routes/theme.ts';
import type { Site, SiteEnv } from './site.ts';

/** The article as one fetch handler. */
export function createApp(site: Site): Hono<SiteEnv> {
  const { origins } = site;
  const app = createRoutes<SiteEnv>();
  app.route('/', frame());

  // Two kinds of session do not share a cookie, so the exercise has a pipeline of its own in front of its paths.
  app.use('/remember-me/*', hallpass({ sessions: site.members, origins }));
  app.route('/remember-me', rememberMeRoutes());

  app.use(hallpass({ sessions: site.sessions, origins, consent }));
  app.route('/', homeRoutes());
  app.route('/', cookieRoutes());
  app.route('/', outcomeRoutes());
  app.route('/', sessionRoutes());
  app.route('/', lastVisitRoutes(site.clock));
  app.route('/', themeRoutes());
  app.route('/', consentRoutes());
  app.notFound((c) => render(c, 'Nothing here', html`<p><a href="/">What there is</a></p>`, 404));
  return app;
}
