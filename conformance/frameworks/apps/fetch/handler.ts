import type { RequestContext } from 'hallpass/server';
import { type Data, prices, theme } from './pass.ts';

/** One application for every platform that speaks `Request` and `Response`. */
export async function handler(request: Request, context: RequestContext<Data>): Promise<Response> {
  const session = await context.session();
  const { pathname } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case 'GET /api/me':
      session.update('visits', (visits = 0) => visits + 1);
      return Response.json({
        user: session.user ?? null,
        visits: session.get('visits'),
        flash: session.flash('greeting') ?? null,
        boomed: session.get('boomed') ?? null,
      });
    case 'POST /api/login': {
      const form = await request.formData();
      session.login(String(form.get('user')));
      session.flash('greeting', 'welcome');
      return new Response(null, { status: 303, headers: { location: '/api/me' } });
    }
    case 'POST /api/logout':
      session.logout();
      return Response.json({ signedOut: true });
    case 'GET /api/private':
      return Response.json({ user: await context.requireUser() });
    case 'GET /api/redirect':
      context.cookies.set(theme, 'dark');
      return new Response(null, { status: 303, headers: { location: '/api/me', 'set-cookie': 'own=1' } });
    case 'GET /api/boom':
      session.login('mallory');
      session.set('boomed', true);
      context.cookies.set(theme, 'broken');
      throw new Error('boom');
    case 'GET /api/sse':
      return new Response(events(session.user), { headers: { 'content-type': 'text/event-stream' } });
    case 'GET /api/price':
      return Response.json({ user: session.user, price: await prices.get('/prices/tea').json() });
    case 'GET /prices/tea': // In place of another service.
      return Response.json({
        token: request.headers.get('authorization'),
        cookies: request.headers.get('cookie'),
      });
    default:
      return new Response('There is no such thing.', { status: 404 });
  }
}

function events(user: string | undefined): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${user} ${++sent}\n\n`));
      if (sent === 3) return controller.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
  });
}
