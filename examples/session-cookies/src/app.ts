import { type HallpassOptions, hallpass } from 'hallpass/hono';
import { Hono } from 'hono';
import { frame } from '../../shared/page.ts';
import { createRoutes } from '../../shared/requests.ts';
import { consent } from './consent.ts';
import { corsRoutes, frontendPolicy } from './sections/cors.ts';
import { csrfFormRoutes } from './sections/csrf-form.ts';
import { debugRoutes } from './sections/debug.ts';
import { expirationRoutes } from './sections/expiration.ts';
import { homeRoutes } from './sections/home.ts';
import { preferenceRoutes } from './sections/preferences.ts';
import { readingRoutes } from './sections/reading.ts';
import { secureFlagRoutes } from './sections/secure-flags.ts';
import { sessionRoutes } from './sections/sessions.ts';
import { settingRoutes } from './sections/setting.ts';
import { tokenRoutes } from './sections/tokens.ts';
import { trackingRoutes } from './sections/tracking.ts';
import type { Site, SiteEnv } from './site.ts';

type Options = HallpassOptions<Record<string, unknown>>;

/**
 * The article as one fetch handler. Its sections claim the same paths (four have a POST /login), so each is an app of its own below
 * a prefix. Without a prefix stands what the article's tests ask for, in an order where the first route wins.
 */
export function createApp(site: Site): Hono {
  const { sealed, stored, tokens, keys, production, origins, onWarning, onEvent } = site;
  const debug = production ? [] : [debugRoutes(site)];
  const patterns = [preferenceRoutes(), trackingRoutes()];
  const app = new Hono();
  app.route('/', frame());
  const mount = (prefix: string, options: Options, ...parts: Hono<SiteEnv>[]) =>
    app.route(
      prefix,
      section({ origins, onWarning, ...(onEvent && { onEvent }), consent, ...options }, parts),
    );

  mount('/section-2', { sessions: stored }, settingRoutes());
  mount('/section-3', { sessions: stored }, readingRoutes());
  mount('/section-4', {}, secureFlagRoutes(site));
  mount('/section-5', { sessions: sealed }, sessionRoutes());
  mount('/section-6', {}, expirationRoutes(site));
  mount('/section-9', { sessions: sealed, cors: frontendPolicy }, sessionRoutes(), corsRoutes());
  mount('/section-10/form', { sessions: stored, csrf: { keys, bare: 'token' } }, csrfFormRoutes());
  mount('/section-10', { sessions: stored }, sessionRoutes(), ...patterns);
  mount('/section-11', {}, ...debug);
  // The migration: first whoever is still signed in by a session of §5 counts too, in the end the token alone.
  mount('/section-12/tokens-only', { tokens }, tokenRoutes(tokens));
  mount('/section-12', { tokens, sessions: sealed }, tokenRoutes(tokens));
  const basics = [homeRoutes(), sessionRoutes(), settingRoutes(), readingRoutes(), expirationRoutes(site)];
  mount('/', { sessions: sealed }, ...basics, ...patterns, ...debug);
  return app;
}

/** Routes behind a pipeline of their own. What they do not know ends here, with this pipeline's headers. */
function section(options: Options, parts: readonly Hono<SiteEnv>[]): Hono<SiteEnv> {
  const routes = createRoutes<SiteEnv>();
  for (const part of parts) routes.route('/', part);
  routes.all('*', (c) => c.notFound());
  const app = new Hono<SiteEnv>();
  app.use(hallpass(options));
  return app.route('/', routes);
}
