import { createServer } from 'node:http';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ask, open } from '../../../tools/test/node-hosts.ts';
import { startServer } from '../../../tools/test/serve.ts';
import { hallpass } from './hallpass.ts';

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
