import { createServer } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { startServer } from '../../tools/test/serve.ts';
import { pipeline } from '../server/pipeline.ts';
import * as forExpress from './express.ts';
import * as forFastify from './fastify.ts';
import * as forH3 from './h3.ts';
import * as forHono from './hono.ts';
import * as forNext from './next.ts';
import { hallpass, toNodeListener } from './node.ts';

const callFirst = /^hallpass is called with its options first: app\.use\(hallpass\(options\)\)/;

it('what was to be called first says so where its framework calls it', async () => {
  expect(() => forFastify.hallpass(fastify() as never)).toThrow(callFirst);

  const errors: unknown[] = [];
  const web = new Hono().use(forHono.hallpass as never).onError((error, c) => {
    errors.push(error);
    return c.text('');
  });
  await web.request('/');
  const server = express()
    .use(forExpress.hallpass as never)
    .use(((error, _req, res, _next) => {
      errors.push(error);
      res.end();
    }) as express.ErrorRequestHandler);
  await fetch(`http://127.0.0.1:${await startServer(createServer(server))}/`);
  expect(errors.map(String)).toEqual([
    expect.stringMatching(/TypeError: hallpass is called/),
    expect.stringMatching(/TypeError: hallpass is called/),
  ]);
});

it('trustProxy says where it belongs', () => {
  const options = { trustProxy: '127.0.0.1' };
  expect(() => forHono.hallpass(options as never)).toThrow(/toNodeListener\(app\.fetch, \{ trustProxy \}\)/);
  expect(() => hallpass(options)).not.toThrow();
  expect(() => hallpass({ trustProxy: { headers: 'forwarded' } as never })).toThrow(
    /^trustProxy\.addresses: undefined is no address\. Name the addresses/,
  );
});

it('onError says who answers errors where the host has error handlers', () => {
  const options = { onError: () => undefined };
  for (const host of [forExpress, forFastify, forHono, forH3]) {
    expect(() => host.hallpass(options as never)).toThrow(
      /^onError is for hosts without error handlers\. .*app\.setErrorHandler of Fastify/,
    );
  }
  const answering: ((options: never) => unknown)[] = [hallpass, pipeline, forNext.hallpass];
  for (const host of answering) {
    expect(() => host(options as never)).not.toThrow();
    expect(() => host({ onError: 'log' } as never)).toThrow(
      /^onError of a pipeline is a function, not a string\.$/,
    );
  }
});

it('a handler of toNodeListener that gives no Response is a TypeError that is told, and a 500', async () => {
  const reported: unknown[] = [];
  for (const answer of [undefined, {}, 'text', null]) {
    const listener = toNodeListener(() => answer as never, { onError: (error) => reported.push(error) });
    const port = await startServer(createServer(listener));
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(500);
  }
  expect(new Set(reported.map(String))).toEqual(
    new Set([
      'TypeError: The handler of toNodeListener(handler) gives a Response: return new Response(…), or Response.json(…).',
    ]),
  );
});
