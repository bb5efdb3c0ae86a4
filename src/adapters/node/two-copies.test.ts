import { createServer, type IncomingMessage } from 'node:http';
import express from 'express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';

/** Both adapters, and the same once more, as a second installed copy of the package is. */
async function copies() {
  const load = async () => ({
    forNode: await import('./hallpass.ts'),
    forExpress: await import('../express.ts'),
  });
  const first = await load();
  vi.resetModules();
  onTestFinished(() => void vi.resetModules());
  const second = await load();
  expect(second.forNode.hallpass).not.toBe(first.forNode.hallpass);
  return [first, second] as const;
}

const optionsOf = (name: string) => ({
  sessions: createSessions({ store: memoryStore(), cookie: { name, secure: false } }),
});

describe('two copies of the library round one response', () => {
  it('both sessions are committed', async () => {
    const [one, other] = await copies();
    const outer = one.forNode.hallpass(optionsOf('outer'));
    const inner = other.forNode.hallpass(optionsOf('inner'));
    const listener = inner(async (req, res) => {
      (await outer.session(req)).login('ada');
      (await inner.session(req)).login('bob');
      res.end('hello');
    });
    const answer = await ask(await startServer(createServer(outer(listener))));
    expect(answer).toMatchObject({ status: 200, text: 'hello' });
    expect(answer.cookies.sort()).toEqual(['inner', 'outer']);
  });

  it('through two doors, both are committed, and a commit that fails is answered by whoever it is of', async () => {
    const [one, other] = await copies();
    const outer = one.forNode.hallpass(optionsOf('outer'));
    const store = memoryStore();
    const inner = other.forExpress.hallpass({
      sessions: createSessions({ store, cookie: { name: 'inner', secure: false } }),
      onEvent() {},
    });
    const app = express().use(inner);
    app.get('/', async (req, res) => {
      (await outer.session(req)).login('ada');
      (await inner.session(req)).login('bob');
      res.end('hello');
    });
    app.use(((error, _req, res, _next) => {
      res.status(error.status).send(`asked for ${error.code}`);
    }) as express.ErrorRequestHandler);
    const port = await startServer(
      createServer(
        outer((req: IncomingMessage, res) => app(req as express.Request, res as express.Response)),
      ),
    );
    expect((await ask(port)).cookies.sort()).toEqual(['inner', 'outer']);
    store.create = () => Promise.reject(new Error('away'));
    expect(await ask(port)).toMatchObject({
      status: 503,
      text: 'asked for store-unavailable',
      cookies: [],
    });
  });

  it('a release that this one cannot join is refused in a sentence', async () => {
    const [{ forNode }] = await copies();
    const failures: unknown[] = [];
    const pass = forNode.hallpass({
      ...optionsOf('inner'),
      onEvent: (event) => event.type === 'failed' && failures.push(event.error),
    });
    const listener = pass((_req, res) => res.end('hello'));
    const port = await startServer(
      createServer((req, res) => {
        Object.assign(res, { [Symbol.for('hallpass.response')]: {} }); // As a later release may leave it.
        listener(req, res);
      }),
    );
    expect(await ask(port)).toMatchObject({ status: 500, cookies: [] });
    expect(String(failures[0])).toMatch(/^TypeError: Two releases of hallpass .*npm ls hallpass/);
  });
});
