import { timingSafeEqual } from 'node:crypto';
import { cookieHeaderWarnings, lintDefinition, parseCookieHeader } from 'hallpass';
import { Hono } from 'hono';
import { definedCookies } from '../cookies.ts';
import type { Desk, DeskContext, Env } from '../env.ts';
import { debugCookiesPage } from '../pages/debug-cookies.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

/** For whoever runs the desk. */
export function operationsRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  /** For Prometheus on this machine, or with `METRICS_TOKEN`. To everybody else there is no such page. */
  app.get('/metrics', (c) => {
    if (!mayReadMetrics(c, desk)) return c.notFound();
    return c.body(desk.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  /** What this browser sends, and what is wrong with it. A page for developing, never for production. */
  app.get('/debug/cookies', async (c) => {
    if (!desk.demo) return c.notFound();
    const header = c.req.header('cookie') ?? '';
    const cookies = parseCookieHeader(header).map(({ name, value }) => {
      const definition = definedCookies.find((one) => one.name === name);
      const problems =
        definition === undefined ? [] : lintDefinition(definition).map(({ sentence }) => sentence);
      return { name, length: value.length, attributes: definition?.attributes, problems };
    });
    const warnings = cookieHeaderWarnings(header).map(({ sentence }) => sentence);
    const visitor = await signedIn(c, desk);
    return render(c, 'Cookies', debugCookiesPage(cookies, warnings), { visitor });
  });

  return app;
}

const thisMachine = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function mayReadMetrics(c: DeskContext, { metricsToken }: Desk): boolean {
  if (metricsToken === undefined) return thisMachine.has(c.var.hallpass.address ?? '');
  const [given, wanted] = [c.req.header('authorization') ?? '', `Bearer ${metricsToken}`].map((text) =>
    Buffer.from(text),
  );
  return (
    given !== undefined &&
    wanted !== undefined &&
    given.length === wanted.length &&
    timingSafeEqual(given, wanted)
  );
}
