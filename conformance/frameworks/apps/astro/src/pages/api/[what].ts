import type { APIRoute } from 'astro';
import { theme } from '../../pass';

export const GET: APIRoute = async ({ params, locals: { hallpass }, cookies, redirect }) => {
  const session = await hallpass.session();
  switch (params.what) {
    case 'me':
      session.update('visits', (visits = 0) => visits + 1);
      return Response.json({
        user: session.user ?? null,
        visits: session.get('visits'),
        flash: session.flash('greeting') ?? null,
        boomed: session.get('boomed') ?? null,
      });
    case 'private':
      return Response.json({ user: await hallpass.requireUser() });
    case 'redirect':
      hallpass.cookies.set(theme, 'dark');
      cookies.set('own', '1', { path: '/' });
      return redirect('/api/me', 303);
    case 'boom':
      session.login('mallory');
      session.set('boomed', true);
      hallpass.cookies.set(theme, 'broken');
      throw new Error('boom');
    case 'sse':
      return new Response(events(session.user), { headers: { 'content-type': 'text/event-stream' } });
    default:
      return new Response('There is no such thing.', { status: 404 });
  }
};

export const POST: APIRoute = async ({ params, request, locals: { hallpass }, redirect }) => {
  const session = await hallpass.session();
  if (params.what === 'logout') {
    session.logout();
    return Response.json({ signedOut: true });
  }
  session.login(String((await request.formData()).get('user')));
  session.flash('greeting', 'welcome');
  return redirect('/api/me', 303);
};

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
