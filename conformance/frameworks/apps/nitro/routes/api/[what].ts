import { defineHandler, HTTPError, redirect } from 'nitro/h3';
import { pass, theme } from '../../pass';

export default defineHandler(async (event) => {
  const context = pass.context(event);
  const session = await context.session();
  switch (event.context.params?.what) {
    case 'me':
      session.update('visits', (visits = 0) => visits + 1);
      return {
        user: session.user ?? null,
        visits: session.get('visits'),
        flash: session.flash('greeting') ?? null,
        boomed: session.get('boomed') ?? null,
      };
    case 'login':
      session.login(String((await event.req.formData()).get('user')));
      session.flash('greeting', 'welcome');
      return redirect('/api/me', 303);
    case 'logout':
      session.logout();
      return { signedOut: true };
    case 'private':
      return { user: await context.requireUser() };
    case 'redirect':
      context.cookies.set(theme, 'dark');
      event.res.headers.append('set-cookie', 'own=1');
      return redirect('/api/me');
    case 'boom':
      session.login('mallory');
      session.set('boomed', true);
      context.cookies.set(theme, 'broken');
      throw new Error('boom');
    case 'sse':
      event.res.headers.set('content-type', 'text/event-stream');
      return events(session.user);
    default:
      throw new HTTPError({ status: 404 });
  }
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
