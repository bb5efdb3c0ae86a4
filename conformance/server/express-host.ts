import { createServer } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import express4 from 'express4';
import { hallpass } from 'hallpass/express';
import type { App, Host } from './app.ts';
import { answerTo, listening } from './hosts.ts';

/** Express 5 on a port. */
export const expressHost: Host = (app) => hostOf(express, '/*path', app);

/** Express 4 on a port. */
export const express4Host: Host = (app) => hostOf(express4, '*', app);

/** @param everyPath as this version writes it */
const hostOf = (make: typeof express, everyPath: string, { options, routes }: App): ReturnType<Host> => {
  const app = make();
  const pass = hallpass(options);
  app.use(pass);
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    app[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'](
      path,
      make.text({ type: '*/*' }),
      (req, res, next) => {
        const { searchParams } = new URL(req.url, 'http://localhost');
        // Express 4 makes an empty object of a body that did not come.
        const body = async () => (typeof req.body === 'string' ? req.body : '');
        const answering = route(pass.context(req), searchParams, body).then((answer) => {
          if ('redirect' in answer) return res.redirect(answer.redirect);
          res.status(answer.status ?? 200);
          return res.set(answer.headers ?? {}).json(answer.body);
        });
        answering.catch(next); // Express 4 does not wait for it.
      },
    );
  }
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    const { status, body } = answerTo(error);
    res.status(status).json(body);
  };
  app.use(onError);
  app.options(everyPath, (_req, res) => void res.sendStatus(404)); // Express itself would answer with a list of methods.
  return listening(createServer(app));
};
