import { hallpass } from 'hallpass/hono';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { assets } from './assets.ts';
import { consent } from './cookies.ts';
import type { Desk, Env } from './env.ts';
import { failed, notFound, tooLarge, wrongMethod } from './errors.ts';
import { playground } from './playground.ts';
import { apiRoutes, tokenRoutes } from './routes/api.ts';
import { confirmRoutes } from './routes/confirm.ts';
import { deviceRoutes } from './routes/devices.ts';
import { documentRoutes } from './routes/documents.ts';
import { eventRoutes } from './routes/events.ts';
import { homeRoutes } from './routes/home.ts';
import { operationsRoutes } from './routes/operations.ts';
import { passkeyRoutes } from './routes/passkeys.ts';
import { profileRoutes } from './routes/profile.ts';
import { securityRoutes } from './routes/security.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { signUpRoutes } from './routes/sign-up.ts';
import { traceRoutes } from './routes/trace.ts';
import { traceOwnRoutes } from './routes/trace-own.ts';
import { pagePolicy, protectEverything } from './security-headers.ts';
import { builtSite } from './site.ts';

const largestForm = 16 * 1024;

/** The front desk as one fetch handler. @param siteFolder where the site of the documents is, once it is built */
export function createApp(desk: Desk, siteFolder?: string): Hono<Env> {
  const app = new Hono<Env>();
  app.use(protectEverything(desk.origins), pagePolicy);
  const site = builtSite(siteFolder);
  if (site !== undefined) app.route('/docs', site);
  const page = playground();
  if (page !== undefined) app.route('/playground', page);

  app.route('/', assets());
  const { sessions, tokens, origins, keys, panel } = desk;
  app.use(
    hallpass({
      sessions,
      tokens,
      origins,
      csrf: { keys, bare: 'token', exempt: tokenRoutes },
      consent,
      watch: panel,
    }),
  );
  app.use(bodyLimit({ maxSize: largestForm, onError: tooLarge }));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => wrongMethod(c, desk, allowed),
    }),
  );

  for (const routes of [
    homeRoutes,
    signInRoutes,
    signUpRoutes,
    profileRoutes,
    deviceRoutes,
    confirmRoutes,
    securityRoutes,
    passkeyRoutes,
    apiRoutes,
    eventRoutes,
    operationsRoutes,
    settingsRoutes,
    traceRoutes,
    traceOwnRoutes,
  ]) {
    app.route('/', routes(desk));
  }

  if (site === undefined) app.route('/', documentRoutes(desk));

  app.notFound((c) => notFound(c, desk));
  app.onError((error, c) => failed(error, c, desk));
  return app;
}
