import type { ServerResponse } from 'node:http';
import compression from 'compression';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import session from 'express-session';
import type { Lab } from './lab.ts';
import { nameOf } from './perform.ts';

/** What stands round a handler, as connect's middleware. */
export interface Surrounding {
  readonly outside?: (lab: Lab) => RequestHandler;
  readonly inside?: (lab: Lab) => RequestHandler;
  /** Only where there is an app with error handlers. */
  readonly onError?: (lab: Lab) => ErrorRequestHandler;
  /** The error handler of middleware, before the routes. */
  readonly onMiddlewareError?: (lab: Lab) => ErrorRequestHandler;
}

const compress = (): RequestHandler => compression({ threshold: 0 });

/** Notes what loggers write: when an answer ends, and what it says of itself then. */
const log =
  (lab: Lab): RequestHandler =>
  (_req, res, next) => {
    for (const event of ['finish', 'close']) {
      res.on(event, () => {
        const length = res.getHeader('content-length') ?? '-';
        lab.transcript.around.push(`log ${event}: ${res.statusCode} ${length} sent=${res.headersSent}`);
      });
    }
    next();
  };

/** Adds a header at the last moment, as response-time and express-session do. */
const atHead =
  (name: string) =>
  (lab: Lab): RequestHandler =>
  (_req, res, next) => {
    const { writeHead } = res;
    let reported = false;
    res.writeHead = function (this: ServerResponse, ...given: never[]) {
      lab.transcript.around.push(`head of ${name}: ${res.statusCode}${reported ? ' again' : ''}`);
      if (!reported && !res.headersSent) res.setHeader(name, 'told');
      reported = true;
      return Reflect.apply(writeHead, this, given);
    } as typeof writeHead;
    next();
  };

/** Counts what is written, as older loggers do. */
const counted =
  (lab: Lab): RequestHandler =>
  (_req, res, next) => {
    const { write, end } = res;
    let octets = 0;
    const count = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array)
        octets += Buffer.from(chunk as string).length;
    };
    res.write = function (this: ServerResponse, ...given: [never]) {
      count(given[0]);
      return Reflect.apply(write, this, given);
    } as typeof write;
    res.end = function (this: ServerResponse, ...given: [never]) {
      count(given[0]);
      lab.transcript.around.push(`ended with ${octets} octets`);
      return Reflect.apply(end, this, given);
    } as typeof end;
    next();
  };

/** Stands before what Node calls by itself, as older agents do. */
const beneath =
  (name: '_storeHeader' | '_writeRaw') =>
  (lab: Lab): RequestHandler =>
  (_req, res, next) => {
    const methods = res as unknown as Record<string, (...given: unknown[]) => unknown>;
    const method = methods[name];
    if (method !== undefined)
      methods[name] = function (this: ServerResponse, ...given: unknown[]) {
        const [part] = given;
        const size = name === '_writeRaw' ? ` ${partOf(part)}` : '';
        lab.transcript.around.push(`${name}${size}`);
        return Reflect.apply(method, this, given);
      };
    next();
  };

/** What is written, without the head before it. */
const partOf = (part: unknown) => {
  const text = typeof part === 'string' ? part : Buffer.from(part as Uint8Array).toString('latin1');
  return text.slice(text.startsWith('HTTP/') ? text.indexOf('\r\n\r\n') + 4 : 0).length;
};

const theirSession = (): RequestHandler => {
  const handler = session({
    secret: 'beside',
    resave: false,
    saveUninitialized: false,
    genid: () => 'fixed',
  } as never);
  return (req, res, next) =>
    handler(req, res, () => {
      (req as unknown as { session: { seen: boolean } }).session.seen = true;
      next();
    });
};

const failing = (): RequestHandler => (_req, _res, next) => next(new Error('The optional step failed.'));

const noting = (lab: Lab, error: unknown) => lab.transcript.around.push(`error handler: ${nameOf(error)}`);

export const surroundings: Readonly<Record<string, Surrounding>> = {
  'compression outside': { outside: compress },
  'compression inside': { inside: compress },
  logger: { outside: log },
  'logger inside': { inside: log },
  'head listener outside': { outside: atHead('X-Outside') },
  'head listener inside': { inside: atHead('X-Inside') },
  'counter outside': { outside: counted },
  'counter inside': { inside: counted },
  'head maker outside': { outside: beneath('_storeHeader') },
  'head maker inside': { inside: beneath('_storeHeader') },
  'bytes outside': { outside: beneath('_writeRaw') },
  'bytes inside': { inside: beneath('_writeRaw') },
  'session outside': { outside: theirSession },
  'session inside': { inside: theirSession },
  'errors answered': {
    onError: (lab) => (error, _req, res, next) => {
      noting(lab, error);
      if (res.headersSent) return next(error);
      res.status(error?.status ?? 500).json({ sorry: nameOf(error) });
    },
  },
  'errors answered late': {
    onError: (lab) => async (error, _req, res, next) => {
      noting(lab, error);
      if (res.headersSent) return next(error);
      await lab.pause(4);
      if (res.headersSent) return next(error);
      res.status(error?.status ?? 500).json({ sorry: nameOf(error) });
    },
  },
  'errors answered with 200': {
    onError: (lab) => (error, _req, res, next) => {
      noting(lab, error);
      if (res.headersSent) return next(error);
      res.send('something went wrong');
    },
  },
  'errors passed on': {
    onError: (lab) => (error, _req, _res, next) => {
      noting(lab, error);
      next(error);
    },
  },
  'an optional step fails': {
    inside: failing,
    onMiddlewareError: () => (_error, _req, _res, next) => next(),
  },
};
