import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import Koa from 'koa';
import { pass, theme } from './pass.ts';

const app = new Koa();
app.silent = true;
app.use(async (ctx) => {
  const context = pass.context(ctx.req);
  const session = await context.session();
  switch (ctx.path) {
    case '/api/me':
      session.update('visits', (visits = 0) => visits + 1);
      ctx.body = {
        user: session.user ?? null,
        visits: session.get('visits'),
        flash: session.flash('greeting') ?? null,
        boomed: session.get('boomed') ?? null,
      };
      break;
    case '/api/login': {
      const form = new URLSearchParams(await textOf(ctx.req));
      session.login(String(form.get('user')));
      session.flash('greeting', 'welcome');
      ctx.redirect('/api/me');
      break;
    }
    case '/api/logout':
      session.logout();
      ctx.body = { signedOut: true };
      break;
    case '/api/private':
      ctx.body = { user: await context.requireUser() };
      break;
    case '/api/redirect':
      context.cookies.set(theme, 'dark');
      ctx.cookies.set('own', '1');
      ctx.redirect('/api/me');
      break;
    case '/api/boom':
      session.login('mallory');
      session.set('boomed', true);
      context.cookies.set(theme, 'broken');
      throw new Error('boom');
    case '/api/sse':
      ctx.type = 'text/event-stream';
      ctx.body = Readable.from(events(session.user));
      break;
  }
});
createServer(pass(app.callback())).listen(Number(process.env.PORT), 'localhost');

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function* events(user: string | undefined): AsyncGenerator<string> {
  for (let sent = 1; sent <= 3; sent++) {
    yield `data: ${user} ${sent}\n\n`;
    await setTimeout(100);
  }
}
