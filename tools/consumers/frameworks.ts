// What runs in a framework, beside the types of that framework, as a consumer writes it.
import { metrics, trace } from '@opentelemetry/api';
import express from 'express';
import { fastify } from 'fastify';
import { undiciTransport } from 'hallpass/client/undici';
import * as inExpress from 'hallpass/express';
import * as inFastify from 'hallpass/fastify';
import { type HallpassEnv, hallpass } from 'hallpass/hono';
import { openTelemetry } from 'hallpass/opentelemetry';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { Hono } from 'hono';

type IsAny<T> = 0 extends 1 & T ? true : false;
type NeverAny<T> = IsAny<T> extends true ? never : T;

const telemetry = openTelemetry({
  tracerProvider: trace.getTracerProvider(),
  meterProvider: metrics.getMeterProvider(),
});
const sessions = createSessions<{ cart: string[] }>({
  store: memoryStore(),
  onEvent: telemetry.onSessionEvent,
});

const pass = inExpress.hallpass({ sessions });
export const ofExpress = express()
  .use(pass)
  .get('/', async (req, res) => {
    const cart: NeverAny<string[] | undefined> = (await pass.session(req)).get('cart');
    res.json(cart);
  });

const plugin = inFastify.hallpass({ sessions });
export const ofFastify = fastify()
  .register(plugin)
  .get('/', async (request) => (await plugin.session(request)).get('cart'));

export const ofHono = new Hono<HallpassEnv<typeof sessions>>()
  .use(hallpass({ sessions }))
  .get('/', async (c) => {
    const cart: NeverAny<string[] | undefined> = (await c.var.hallpass.session()).get('cart');
    return c.json(cart);
  });
export const transport = undiciTransport();
