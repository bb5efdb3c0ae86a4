import { setTimeout } from 'node:timers/promises';
import express, { type ErrorRequestHandler } from 'express';
import { HttpError } from 'hallpass';
import { pass, theme } from './pass.ts';

export const app = express();
app.use(pass);
app.get('/api/me', async (req, res) => {
  const session = await pass.session(req);
  session.update('visits', (visits = 0) => visits + 1);
  res.json({
    user: session.user ?? null,
    visits: session.get('visits'),
    flash: session.flash('greeting') ?? null,
    boomed: session.get('boomed') ?? null,
  });
});
app.post('/api/login', express.urlencoded(), async (req, res) => {
  const session = await pass.session(req);
  session.login(String(req.body.user));
  session.flash('greeting', 'welcome');
  res.redirect(303, '/api/me');
});
app.post('/api/logout', async (req, res) => {
  (await pass.session(req)).logout();
  res.json({ signedOut: true });
});
app.get('/api/private', async (req, res) => res.json({ user: await pass.context(req).requireUser() }));
app.get('/api/redirect', (req, res) => {
  pass.context(req).cookies.set(theme, 'dark');
  res.cookie('own', '1').redirect('/api/me');
});
app.get('/api/boom', async (req) => {
  const session = await pass.session(req);
  session.login('mallory');
  session.set('boomed', true);
  pass.context(req).cookies.set(theme, 'broken');
  throw new Error('boom');
});
app.get('/api/sse', async (req, res) => {
  const user = await pass.user(req);
  res.type('text/event-stream');
  for (let sent = 1; sent <= 3; sent++) {
    res.write(`data: ${user} ${sent}\n\n`);
    await setTimeout(100);
  }
  res.end();
});

// In production the handler of Express answers a status without its sentence.
const refusals: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error instanceof HttpError)) return next(error);
  res.status(error.status).set(error.headers).json(error.body);
};
app.use(refusals);
