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

  /** For Prometheus on this machine, where the desk stands behind no proxy, or with `METRICS_TOKEN`. To everybody else there is no such page. */
  app.get('/metrics', (c) => {
    if (!mayReadMetrics(c, desk)) return c.notFound();
    return c.body(desk.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  /** What this browser sends, and what is wrong with it. A page for developing, never for production. */
  app.get('/debug/cookies', async (c) => {
    if (!desk.demo) return c.notFound();
    const header = c.req.header('cookie') ?? '';
    const cookies = parseCookieHeader(header).map(({ name, value }) => {
      const definition = [...definedCookies, desk.browsers.cookie].find((one) => one.name === name);
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
const ownHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** True for a request of this machine itself. What a proxy on it brings comes from its address too, so a desk with a name of its own believes none; and a stranger's name may lead to this machine, for a page of theirs to read. */
function isLocal(c: DeskContext, { origins }: Desk): boolean {
  return (
    thisMachine.has(c.var.hallpass.address ?? '') &&
    ownHosts.has(new URL(c.req.url).hostname) &&
    origins.every((origin) => ownHosts.has(new URL(origin).hostname)) &&
    forwarding.every((name) => c.req.header(name) === undefined)
  );
}

function mayReadMetrics(c: DeskContext, desk: Desk): boolean {
  const { metricsToken } = desk;
  if (metricsToken === undefined) return isLocal(c, desk);
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
