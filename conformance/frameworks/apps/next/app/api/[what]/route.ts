import { cookies } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { pass, theme } from '../../../lib/pass';

type Route = RouteContext<'/api/[what]'>;

export const GET = pass.route(async (_request, context, { params }: Route) => {
  const { what } = await params;
  const session = await context.session();
  switch (what) {
    case 'me':
      session.update('visits', (visits = 0) => visits + 1);
      return {
        user: session.user ?? null,
        visits: session.get('visits'),
        flash: session.flash('greeting') ?? null,
        boomed: session.get('boomed') ?? null,
      };
    case 'private':
      return { user: await context.requireUser() };
    case 'redirect':
      context.cookies.set(theme, 'dark');
      (await cookies()).set('own', '1');
      return redirect('/api/me');
    case 'boom':
      session.login('mallory');
      session.set('boomed', true);
      context.cookies.set(theme, 'broken');
      throw new Error('boom');
    case 'sse':
      return new Response(events(session.user), { headers: { 'content-type': 'text/event-stream' } });
    default:
      notFound();
  }
});

export const POST = pass.route(async (request, context, { params }: Route) => {
  const { what } = await params;
  const session = await context.session();
  if (what === 'logout') {
    session.logout();
    return { signedOut: true };
  }
  if (what !== 'login') notFound();
  session.login(String((await request.formData()).get('user')));
  session.flash('greeting', 'welcome');
  redirect('/api/me');
});

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
