import { Hono } from 'hono';
import type { Desk, Env } from '../env.ts';
import { tracePage } from '../pages/trace.ts';
import { render } from '../render.ts';
import { runCall } from '../run-call.ts';
import { hostNames, scenarios } from '../scenarios.ts';
import { signedIn } from '../signed-in.ts';

export function traceRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>().get('/trace', async (c) => {
    const wanted = c.req.query('scenario') ?? scenarios[1]?.id;
    const scenario = scenarios.find(({ id }) => id === wanted);
    if (scenario === undefined) return c.notFound();
    const visitor = await signedIn(c, desk);
    const { url, init, options } = scenario.call(desk.lab.origins);
    const traced = { onTrace: desk.panel?.onTrace };
    const run = await runCall(url, init, { transport: desk.lab.transport, ...traced, ...options });
    return render(
      c,
      scenario.title,
      tracePage(scenarios, scenario, run, hostNames(desk.lab.origins), desk.ownTransport !== undefined),
      {
        visitor,
      },
    );
  });
}
