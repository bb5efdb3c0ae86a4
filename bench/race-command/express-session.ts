import express from 'express';
import session from 'express-session';
import { versionOf } from '../shared/peers.ts';
import { type App, called, planWithRenewal, serve, shown } from './app.ts';

const form = express.urlencoded({ extended: false });

/** express-session over its own MemoryStore, as its guide has it. */
export const expressSession: App = {
  name: versionOf('express-session'),
  plan: planWithRenewal,
  async start() {
    const app = express();
    app.use(session({ secret: 'a secret of the test', resave: false, saveUninitialized: false }));
    const now = (request: express.Request) => Reflect.get(request, 'session');
    const data = (request: express.Request) => {
      const { cookie: _, ...rest } = now(request);
      return rest;
    };
    const regenerate = async (request: express.Request, more: object) => {
      const kept = { ...data(request), ...more };
      await called((done) => now(request).regenerate(done));
      Object.assign(now(request), kept);
    };
    app.get('/read', (request, response) => {
      response.json(shown((name) => now(request)[name]));
    });
    app.post('/write', form, (request, response) => {
      now(request)[request.body.field] = request.body.value;
      response.json({});
    });
    app.post('/sign-in', form, async (request, response) => {
      await regenerate(request, { user: request.body.user });
      response.json({});
    });
    app.post('/renew', form, async (request, response) => {
      await regenerate(request, {});
      response.json({});
    });
    app.post('/sign-out', form, async (request, response) => {
      await called((done) => now(request).destroy(done));
      response.json({});
    });
    return serve(app);
  },
};
