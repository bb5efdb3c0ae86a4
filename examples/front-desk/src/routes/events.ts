import { setTimeout as wait } from 'node:timers/promises';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Desk, Env } from '../env.ts';
import { signedIn } from '../signed-in.ts';

const lookEvery = 3_000;

/**
 * The user's devices, live, as server-sent events: `devices` when somebody signs in or out, `ended` when this session is over.
 * It looks into the store, so it works the same with one process and with many.
 */
export function eventRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>().get('/events', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return c.body(null, 401);
    // Hono drops the body of such an answer, and nobody would ever end its stream.
    if (c.req.method === 'HEAD') return c.body(null, { headers: { 'content-type': 'text/event-stream' } });
    const { user, session } = visitor;
    // A page that is left open must not keep its session alive for ever.
    session.quiet();
    const left = new AbortController();
    const view = desk.sessions.view(session, { every: '3s', signal: left.signal });
    const over = AbortSignal.any([left.signal, view.ended]);

    return streamSSE(c, async (stream) => {
      stream.onAbort(() => left.abort());
      let known = '';
      while (!over.aborted) {
        const ids = (await desk.sessions.list(user.id)).map(({ id }) => id).sort();
        if (ids.join() !== known) await stream.writeSSE({ event: 'devices', data: String(ids.length) });
        known = ids.join();
        await wait(lookEvery, undefined, { signal: over, ref: false }).catch(() => {});
      }
      if (!view.ended.aborted) return;
      // After the password was asked again the session goes on with a new cookie: the page comes back with it.
      const lives = (await desk.sessions.list(user.id)).some(({ id }) => id === session.id);
      if (!lives) await stream.writeSSE({ event: 'ended', data: '' });
    });
  });
}
