import { Elysia } from 'elysia';
import { contextOf, serve, theme } from './pass.ts';

const app = new Elysia()
  .derive({ as: 'global' }, ({ request }) => ({ hallpass: contextOf(request) }))
  .get('/api/me', async ({ hallpass }) => {
    const session = await hallpass.session();
    session.update('visits', (visits = 0) => visits + 1);
    return {
      user: session.user ?? null,
      visits: session.get('visits'),
      flash: session.flash('greeting') ?? null,
      boomed: session.get('boomed') ?? null,
    };
  })
  .post('/api/login', async ({ hallpass, body, redirect }) => {
    const session = await hallpass.session();
    session.login((body as { user: string }).user);
    session.flash('greeting', 'welcome');
    return redirect('/api/me', 303);
  })
  .post('/api/logout', async ({ hallpass }) => {
    (await hallpass.session()).logout();
    return { signedOut: true };
  })
  .get('/api/private', async ({ hallpass }) => ({ user: await hallpass.requireUser() }))
  .get('/api/redirect', ({ hallpass, cookie, redirect }) => {
    hallpass.cookies.set(theme, 'dark');
    cookie.own?.set({ value: '1' });
    return redirect('/api/me');
  })
  .get('/api/boom', async ({ hallpass }) => {
    const session = await hallpass.session();
    session.login('mallory');
    session.set('boomed', true);
    hallpass.cookies.set(theme, 'broken');
    throw new Error('boom');
  })
  .get('/api/sse', async ({ hallpass }) => {
    const user = await hallpass.user();
    return new Response(events(user), { headers: { 'content-type': 'text/event-stream' } });
  });
Bun.serve({ port: Number(process.env.PORT), hostname: 'localhost', fetch: serve(app) });

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
