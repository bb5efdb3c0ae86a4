import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach } from 'vitest';
import { hallpass as expressPass } from '../../src/adapters/express.ts';
import { hallpass as fastifyPass } from '../../src/adapters/fastify.ts';
import { hallpass as honoPass } from '../../src/adapters/hono.ts';
import { hallpass as nodePass, toNodeListener } from '../../src/adapters/node.ts';
import { createClient } from '../../src/client/index.ts';
import type { Panel } from '../../src/panel/index.ts';
import { pipeline } from '../../src/server/index.ts';
import { createSessions } from '../../src/session/index.ts';
import { memoryStore } from '../../src/store/memory/index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Ask = (
  path: string,
  headers?: Record<string, string>,
  method?: string,
) => Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }>;

/** One request over the wire. A Host of its own, and no more headers than are given. */
function asking(port: number): Ask {
  return (path, headers = {}, method = 'GET') =>
    new Promise((resolve, reject) => {
      const host = `localhost:${port}`;
      const asked = request(
        { host: '127.0.0.1', port, path, method, headers: { host, ...headers } },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            text += chunk;
            if (path.endsWith('/live')) answer.destroy();
          });
          answer.on('close', () =>
            resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }),
          );
        },
      );
      asked.on('error', reject);
      asked.end();
    });
}

/** Lets a server listen until the test has ended. */
export async function listening(server: ReturnType<typeof createServer>): Promise<Ask> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return asking((server.address() as AddressInfo).port);
}

const line = 'a=S3CRET; Path=/; SameSite=None';
/** Options of a pipeline that a panel watches, and a call of a client that it watches too. */
export const passOf = (panel: Panel) => {
  const sessions = createSessions({ store: memoryStore(), onEvent: panel.onSessionEvent });
  const client = createClient({ transport: async () => new Response('ok'), onTrace: panel.onTrace });
  const options = { sessions, origins: ['https://app.test'], watch: panel, onWarning: false } as const;
  return { options, call: () => client.get('https://api.test/?key=S3CRET&of=S3CRET#S3CRET') };
};

/** An app on each host: it signs in, calls another service and sets a cookie that browsers drop. */
export const hosts: Record<string, (panel: Panel) => Promise<Ask>> = {
  async node(panel) {
    const { options, call } = passOf(panel);
    const pass = nodePass(options);
    return listening(
      createServer(
        pass(async (req, res) => {
          (await pass.session(req)).login('ada');
          await call();
          res.setHeader('set-cookie', line);
          res.end('app');
        }),
      ),
    );
  },
  async express(panel) {
    const { options, call } = passOf(panel);
    const [app, pass] = [express(), expressPass(options)];
    app.use(pass);
    app.get('/', async (req, res) => {
      (await pass.session(req)).login('ada');
      await call();
      res.append('set-cookie', line).send('app');
    });
    return listening(createServer(app));
  },
  async fastify(panel) {
    const { options, call } = passOf(panel);
    const [app, pass] = [fastify(), fastifyPass(options)];
    await app.register(pass);
    app.get('/', async (req, reply) => {
      (await pass.session(req)).login('ada');
      await call();
      return reply.header('set-cookie', line).send('app');
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    closing.push(() => app.close());
    return asking((app.server.address() as AddressInfo).port);
  },
  async hono(panel) {
    const { options, call } = passOf(panel);
    const app = new Hono();
    app.use(honoPass(options) as never);
    app.get('/', async (c) => {
      (
        await (
          c as never as { var: { hallpass: { session(): Promise<{ login(user: string): void }> } } }
        ).var.hallpass.session()
      ).login('ada');
      await call();
      c.header('set-cookie', line);
      return c.text('app');
    });
    return listening(createServer(toNodeListener(app.fetch)));
  },
  async 'a Web handler'(panel) {
    const { options, call } = passOf(panel);
    const app = pipeline(options)(async (_, context) => {
      (await context.session()).login('ada');
      await call();
      return new Response('app', { headers: { 'set-cookie': line } });
    });
    return listening(createServer(toNodeListener(app)));
  },
};
