import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { ask, gated, open } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import * as forFastify from '../fastify.ts';
import { hallpass } from './hallpass.ts';

type Note = (what: string) => (error?: unknown) => void;
type Program = (res: ServerResponse, note: Note) => unknown;

/** What a program notes, and what its client gets: without hallpass, and with it, where the answer waits for its commit. */
async function bothWays(program: Program, before?: Program) {
  const results = [];
  for (const isBare of [true, false]) {
    const { sessions, reached, resolve } = gated();
    void reached.then(() => pause(5)).then(resolve);
    const pass = hallpass({ sessions, onEvent() {} });
    const notes: string[] = [];
    const note: Note = (what) => (error) => {
      const code = (error as { code?: string } | undefined)?.code;
      notes.push(code === undefined ? what : `${what} ${code}`);
    };
    const listener = async (req: IncomingMessage, res: ServerResponse) => {
      if (isBare) await undefined;
      else (await pass.session(req)).login('ada');
      await program(res, note);
    };
    const served = isBare ? listener : pass(listener);
    const server = createServer((req, res) => {
      before?.(res, note);
      served(req, res);
    });
    const answer = await ask(await startServer(server));
    results.push({ notes, status: answer.status, text: answer.text, own: answer.headers['x-own'] });
  }
  const [bare, ours] = results;
  return { bare, ours };
}

describe('what a listener returns', () => {
  class Query {
    calls = 0;
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it, which send the query by it
    then(resolve?: (rows: unknown[]) => void) {
      this.calls++;
      resolve?.([]);
    }
  }
  class PromisedQuery extends Promise<unknown> {
    calls = 0;
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it, which send the query by it
    override then(...given: never[]): never {
      this.calls++;
      return Reflect.apply(super.then, this, given) as never;
    }
  }

  it.each([
    ['a query that is sent by its then', () => new Query()],
    ['a promise that is', () => new PromisedQuery(() => {})],
  ])('%s is not sent', async (_, make) => {
    const queries: { calls: number }[] = [];
    const pass = hallpass({ sessions: open() });
    const listener = pass((_req, res) => {
      res.end('hello');
      const query = make();
      queries.push(query);
      return query;
    });
    const port = await startServer(createServer(listener));
    expect((await ask(port)).text).toBe('hello');
    await new Promise(setImmediate);
    expect(queries.map(({ calls }) => calls)).toEqual([0]);
  });

  it('a promise of another realm that rejects is answered', async () => {
    const reject = runInNewContext('async () => { throw new Error("away"); }');
    const pass = hallpass({ sessions: open(), onEvent() {} });
    expect((await ask(await startServer(createServer(pass(() => reject()))))).status).toBe(500);
  });
});

/** What older agents and loggers put before what Node calls by itself. */
const wrapped =
  (name: '_storeHeader' | '_writeRaw') =>
  (res: ServerResponse, note: Note): void => {
    const target = res as unknown as Record<string, (...args: unknown[]) => unknown>;
    const original = target[name]!;
    target[name] = function (this: ServerResponse, ...args: unknown[]) {
      if (name === '_storeHeader') this.setHeader('x-own', 'told');
      note(name === '_writeRaw' ? `${name} ${String(args[0]).split('\r\n\r\n').at(-1)}` : name)();
      return Reflect.apply(original, this, args);
    };
  };

describe("what is put before a method of the response that is Node's own", () => {
  const places = ['before the pass', 'in the handler', 'while the answer waits'] as const;
  const programs: Record<string, Program> = {
    'an answer in one piece': (res) => void res.setHeader('x-a', '1').end('whole'),
    'an answer in pieces': async (res) => {
      res.writeHead(200, { 'x-a': '1' });
      res.write('a');
      await undefined;
      res.write('b');
      res.end();
    },
    'an answer without a body': (res) => void res.writeHead(204).end(),
  };

  it.each(
    places.flatMap((place) =>
      (['_storeHeader', '_writeRaw'] as const).flatMap((name) =>
        Object.entries(programs).map(([title, program]) => ({ place, name, title, program })),
      ),
    ),
  )('$name, put there $place: $title', async ({ place, name, program }) => {
    const put = wrapped(name);
    const { bare, ours } = await bothWays(
      (res, note) => {
        if (place === 'in the handler') put(res, note);
        const work = program(res, note);
        if (place === 'while the answer waits') put(res, note);
        return work;
      },
      place === 'before the pass' ? put : undefined,
    );
    expect(ours).toEqual(bare);
  });
});

describe('a second end', () => {
  const later = (act: () => unknown) =>
    new Promise<void>((resolve) => setImmediate(() => resolve(void act())));
  it.each<[string, Program]>([
    ['with a callback', (res, note) => later(() => res.end(note('ended again')))],
    ['with nothing and a callback', (res, note) => later(() => res.end(null, note('ended again')))],
    ['with an encoding, too', (res, note) => later(() => res.end('', 'utf8', note('ended again')))],
    ['without one', (res) => later(() => res.end())],
  ])('%s is told what it is told without hallpass', async (_, again) => {
    const { bare, ours } = await bothWays((res, note) => {
      res.end('whole', note('ended'));
      return again(res, note);
    });
    expect(ours!.notes.toSorted()).toEqual(bare!.notes.toSorted()); // The first one is told when the bytes have gone.
    expect(ours).toMatchObject({ status: 200, text: 'whole' });
  });

  it('of a reply that Fastify only simulates calls back, too', async () => {
    const results = [];
    for (const isBare of [true, false]) {
      const { sessions, reached, resolve } = gated();
      const pass = forFastify.hallpass({ sessions });
      const app = fastify();
      if (!isBare) await app.register(pass);
      const { promise, resolve: callback } = Promise.withResolvers<unknown>();
      app.get('/', async (request, reply) => {
        if (!isBare) (await pass.session(request)).login('ada');
        reply.hijack();
        reply.raw.end('whole');
        setImmediate(() => reply.raw.end(callback));
      });
      const answer = app.inject('/');
      if (!isBare) await reached;
      results.push((await promise) ?? null); // Node 22 gives nothing for no error.
      resolve();
      expect((await answer).body).toBe('whole');
    }
    expect(results).toEqual([null, null]);
  });
});
