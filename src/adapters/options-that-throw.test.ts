import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import { expect, it, vi } from 'vitest';
import { startServer } from '../../tools/test/serve.ts';
import * as forExpress from './express.ts';
import * as forFastify from './fastify.ts';
import { hallpass } from './node.ts';

type Options = Record<string, unknown>;

/** Each answers with what its handler says, and counts that. */
const hosts: Record<string, (options: Options, handled: () => void) => Promise<number>> = {
  'node:http'(options, handled) {
    const pass = hallpass({ onEvent() {}, onWarning: false, ...options } as never);
    return startServer(
      createServer(
        pass((_req: IncomingMessage, res: ServerResponse) => {
          handled();
          res.end('fine');
        }),
      ),
    );
  },
  ...Object.fromEntries(
    [express, express4 as unknown as typeof express].map((make, i) => [
      i === 0 ? 'Express 5' : 'Express 4',
      (options: Options, handled: () => void) => {
        const app = make().set('env', 'test');
        app.use(forExpress.hallpass({ onEvent() {}, onWarning: false, ...options } as never));
        app.use((_req, res) => {
          handled();
          res.end('fine');
        });
        return startServer(createServer(app));
      },
    ]),
  ),
  async Fastify(options, handled) {
    const app = fastify();
    await app.register(forFastify.hallpass({ onEvent() {}, onWarning: false, ...options } as never));
    app.all('/', async () => {
      handled();
      return 'fine';
    });
    await app.ready();
    return startServer(app.server);
  },
};

const thrower = (thrown: unknown) => () => {
  throw thrown;
};
const nothings = [undefined, null, 0, '', false, 'route', 'router'];
const forged = { method: 'POST', headers: { origin: 'https://b.example', 'sec-fetch-site': 'cross-site' } };

/** The rejections that nobody handles meanwhile: on one of them Node ends the process. */
async function unhandledDuring(work: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (error: unknown) => seen.push(error);
  process.on('unhandledRejection', note);
  await work();
  await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  return seen;
}

it.each(Object.keys(hosts))(
  'what a function of the options throws that is no error lets no forged request in: %s',
  async (name) => {
    const handled = vi.fn();
    const statuses = new Set<number>();
    for (const thrown of nothings) {
      const options: Options[] = [
        { origins: [thrower(thrown)] },
        { onRefuse: thrower(thrown) },
        { csrf: { exempt: [{ test: thrower(thrown) }] } },
        { cors: { origins: [thrower(thrown)] } },
      ];
      for (const one of options) {
        const port = await hosts[name]?.(one, handled);
        statuses.add((await fetch(`http://127.0.0.1:${port}/`, forged)).status);
      }
    }
    expect([handled.mock.calls.length, [...statuses]]).toEqual([0, [500]]);
  },
);

it.each(Object.keys(hosts))(
  'a function of the options that rejects is answered, and handled: %s',
  async (name) => {
    const away = async () => {
      throw new Error('away');
    };
    const unhandled = await unhandledDuring(async () => {
      for (const one of [
        { origins: [away] },
        { csrf: { exempt: [{ test: away }] } },
        { cors: { origins: [away] } },
      ]) {
        const port = await hosts[name]?.(one, () => {});
        expect((await fetch(`http://127.0.0.1:${port}/`, forged)).status).toBe(500);
      }
    });
    expect(unhandled).toEqual([]);
  },
);

it.each(Object.keys(hosts))(
  'an origin of cors that throws is a 500, to a preflight too: %s',
  async (name) => {
    const port = await hosts[name]?.({ cors: { origins: [thrower(new Error('not loaded'))] } }, () => {});
    const statuses = [];
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const headers = { origin: 'https://b.example', 'access-control-request-method': 'PUT' };
      statuses.push((await fetch(`http://127.0.0.1:${port}/`, { method, headers })).status);
    }
    expect(statuses).toEqual([500, 500, 500]);
  },
);

it.each(Object.keys(hosts))(
  'a Response of onRefuse answers every visitor, and one that cannot be sent is a 500: %s',
  async (name) => {
    const refused = new Response('no', { status: 403 });
    const port = await hosts[name]?.({ onRefuse: () => refused }, () => {});
    for (let i = 0; i < 2; i++) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, forged);
      expect([answer.status, await answer.text()]).toEqual([403, 'no']);
    }
    const other = await hosts[name]?.({ onRefuse: () => Response.error() }, () => {});
    expect((await fetch(`http://127.0.0.1:${other}/`, forged)).status).toBe(500);
  },
);

/** Of whatever a fetched answer may say of another connection. */
const oddHeads: readonly Record<string, string>[] = [
  { trailer: 'x-digest' },
  { trailer: 'x-digest', 'content-length': '2' },
  { 'content-length': '9' },
  { 'content-length': '1' },
  { 'transfer-encoding': 'chunked', connection: 'upgrade', upgrade: 'h2c' },
];

it.each(Object.keys(hosts))(
  'a refusal whose head speaks of another connection is sent, or ends its own: %s',
  async (name) => {
    const unhandled = await unhandledDuring(async () => {
      for (const headers of oddHeads) {
        for (const body of ['no', null]) {
          const onRefuse = () => new Response(body, { status: 403, headers });
          const port = await hosts[name]?.({ onRefuse }, () => {});
          const answer = fetch(`http://127.0.0.1:${port}/`, {
            ...forged,
            signal: AbortSignal.timeout(3_000),
          });
          const got = await answer.then(
            async (response) => `${response.status} ${await response.text()}`,
            (error: Error) => `${(error.cause as { code?: string })?.code ?? error.message}`,
          );
          expect([`403 ${body ?? ''}`, 'UND_ERR_SOCKET'], JSON.stringify({ headers, body })).toContain(got);
          if (!('content-length' in headers)) expect(got).toBe(`403 ${body ?? ''}`);
        }
      }
    });
    expect(unhandled).toEqual([]);
  },
);
