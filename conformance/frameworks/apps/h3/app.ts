import { fromNodeHandler, H3, redirect, serve } from 'h3';
import { pass, theme } from './pass.ts';

const app = new H3();
app.use(pass);
app.get('/api/me', async (event) => {
  const session = await pass.session(event);
  session.update('visits', (visits = 0) => visits + 1);
  return {
    user: session.user ?? null,
    visits: session.get('visits'),
    flash: session.flash('greeting') ?? null,
    boomed: session.get('boomed') ?? null,
  };
});
app.post('/api/login', async (event) => {
  const session = await pass.session(event);
  session.login(String((await event.req.formData()).get('user')));
  session.flash('greeting', 'welcome');
  return redirect('/api/me', 303);
});
app.post('/api/logout', async (event) => {
  (await pass.session(event)).logout();
  return { signedOut: true };
});
app.get('/api/private', async (event) => ({ user: await pass.context(event).requireUser() }));
app.get('/api/redirect', (event) => {
  pass.context(event).cookies.set(theme, 'dark');
  event.res.headers.append('set-cookie', 'own=1');
  return redirect('/api/me');
});
app.get('/api/boom', async (event) => {
  const session = await pass.session(event);
  session.login('mallory');
  session.set('boomed', true);
  pass.context(event).cookies.set(theme, 'broken');
  throw new Error('boom');
});
app.get('/api/sse', async (event) => {
  const user = await pass.user(event);
  return new Response(events(user), { headers: { 'content-type': 'text/event-stream' } });
});
// Handlers of Node answer by themselves.
app.post('/node/login', (event) =>
  fromNodeHandler(async (_req, res) => {
    (await pass.session(event)).login('ada');
    res.statusCode = 303;
    res.setHeader('location', '/api/me');
    res.setHeader('set-cookie', 'own=1');
    res.end();
  })(event),
);
app.post('/node/logout', (event) =>
  fromNodeHandler(async (_req, res) => {
    (await pass.session(event)).logout();
    res.end('signed out');
  })(event),
);
app.get('/node/broken', (event) =>
  fromNodeHandler(async (_req, res) => {
    const session = await pass.session(event);
    session.login('mallory');
    session.set('boomed', true);
    pass.context(event).cookies.set(theme, 'broken');
    res.statusCode = 502;
    res.end('broken');
  })(event),
);
app.get('/node/thrown', (event) =>
  fromNodeHandler(async () => {
    const session = await pass.session(event);
    session.login('mallory');
    session.set('boomed', true);
    pass.context(event).cookies.set(theme, 'broken');
    throw new Error('boom');
  })(event),
);
serve(app, { port: Number(process.env.PORT), hostname: 'localhost' });

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
