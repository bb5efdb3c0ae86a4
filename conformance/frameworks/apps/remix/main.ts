import { createServer } from 'node:http';
import { createRouter } from '@remix-run/fetch-router';
import { toNodeListener } from 'hallpass/node';
import { hallpass, theme, visitor } from './pass.ts';

const router = createRouter({ middleware: [hallpass] });
const seeOther = (headers: Record<string, string> = {}) =>
  new Response(null, { status: 303, headers: { ...headers, location: '/api/me' } });

router.get('/api/me', async (context) => {
  const session = await context.get(visitor).session();
  session.update('visits', (visits = 0) => visits + 1);
  return Response.json({
    user: session.user ?? null,
    visits: session.get('visits'),
    flash: session.flash('greeting') ?? null,
    boomed: session.get('boomed') ?? null,
  });
});
router.post('/api/login', async (context) => {
  const session = await context.get(visitor).session();
  session.login(String((await context.request.formData()).get('user')));
  session.flash('greeting', 'welcome');
  return seeOther();
});
router.post('/api/logout', async (context) => {
  (await context.get(visitor).session()).logout();
  return Response.json({ signedOut: true });
});
router.get('/api/private', async (context) =>
  Response.json({ user: await context.get(visitor).requireUser() }),
);
router.get('/api/redirect', (context) => {
  context.get(visitor).cookies.set(theme, 'dark');
  return seeOther({ 'set-cookie': 'own=1' });
});
router.get('/api/boom', async (context) => {
  const visit = context.get(visitor);
  const session = await visit.session();
  session.login('mallory');
  session.set('boomed', true);
  visit.cookies.set(theme, 'broken');
  throw new Error('boom');
});
router.get('/api/sse', async (context) => {
  const user = await context.get(visitor).user();
  return new Response(events(user), { headers: { 'content-type': 'text/event-stream' } });
});
createServer(toNodeListener((request) => router.fetch(request))).listen(
  Number(process.env.PORT),
  'localhost',
);

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
