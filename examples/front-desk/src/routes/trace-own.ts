import { Hono } from 'hono';
import type { Desk, Env } from '../env.ts';
import { lettersOf, traceOwnPage } from '../pages/trace-own.ts';
import { render } from '../render.ts';
import { type Run, runCall } from '../run-call.ts';
import { signedIn, toSignIn } from '../signed-in.ts';

/**
 * A trace of an address that the visitor names, where the operator allows it. The desk asks the public internet in their place, so
 * this is for users, some ten times in a quarter of an hour, and reaches no address inside.
 */
export function traceOwnRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();
  const { ownTransport: transport } = desk;
  if (transport === undefined) return app;

  app.get('/trace/own', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    const wanted = c.req.query('url');
    if (wanted === undefined) return render(c, 'Trace an address', traceOwnPage({}), { visitor });

    const url = URL.parse(wanted);
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
      const problem = 'Write a whole address, with https:// or http:// and without a password.';
      return render(c, 'Trace an address', traceOwnPage({ wanted, problem }), { visitor, status: 422 });
    }
    await desk.throttle.attempt('trace', { user: visitor.user.id });
    const run = asSeenFromOutside(
      await runCall(url.href, undefined, {
        transport,
        redirect: { maxRedirects: 8 },
        limits: { maxBody: 1_000_000 },
      }),
    );
    const page = traceOwnPage({ wanted, run, hosts: lettersOf(run) });
    return render(c, 'Trace an address', page, { visitor });
  });

  return app;
}

/**
 * The run, where an address inside looks like one that there is not: the sentence of the guard says what a name stands for, and that
 * it is there, and so do the words of a resolver.
 */
function asSeenFromOutside(run: Run): Run {
  if (run.failure?.code !== 'address-refused' && run.failure?.code !== 'network') return run;
  const message =
    'Nothing was reached: there is no such address, nobody answers there, or it is inside a network.';
  return { ...run, failure: { code: 'network', message } };
}
