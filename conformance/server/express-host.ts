import { createServer } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { hallpass } from 'hallpass/express';
import type { Host } from './app.ts';
import { answerTo, listening } from './hosts.ts';

/** Express 5 on a port. */
export const expressHost: Host = ({ options, routes }) => {
  const app = express();
  const pass = hallpass(options);
  app.use(pass);
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    app[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'](
      path,
      express.text({ type: '*/*' }),
      async (req, res) => {
        const { searchParams } = new URL(req.url, 'http://localhost');
        const answer = await route(pass.context(req), searchParams, async () => req.body ?? '');
        if ('redirect' in answer) res.redirect(answer.redirect);
        else
          res
            .status(answer.status ?? 200)
            .set(answer.headers ?? {})
            .json(answer.body);
      },
    );
  }
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    const { status, body } = answerTo(error);
    res.status(status).json(body);
  };
  app.use(onError);
  app.options('/*path', (_req, res) => void res.sendStatus(404)); // Express itself would answer with a list of methods.
  return listening(createServer(app));
};
