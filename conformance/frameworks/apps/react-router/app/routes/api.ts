import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { requireUser, theme, visitor } from '../pass.server';

export async function loader({ params, context }: LoaderFunctionArgs) {
  const visit = context.get(visitor);
  const session = await visit.session();
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
      return Response.json({ user: await requireUser(context) });
    case 'redirect':
      visit.cookies.set(theme, 'dark');
      return redirect('/api/me', { headers: { 'set-cookie': 'own=1' } });
    case 'boom':
      session.login('mallory');
      session.set('boomed', true);
      visit.cookies.set(theme, 'broken');
      throw new Error('boom');
    case 'sse':
      return new Response(events(session.user), { headers: { 'content-type': 'text/event-stream' } });
    default:
      throw new Response('There is no such thing.', { status: 404 });
  }
}

export async function action({ params, request, context }: ActionFunctionArgs) {
  const session = await context.get(visitor).session();
  if (params.what === 'logout') {
    session.logout();
    return Response.json({ signedOut: true });
  }
  session.login(String((await request.formData()).get('user')));
  session.flash('greeting', 'welcome');
  return redirect('/api/me', 303);
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
