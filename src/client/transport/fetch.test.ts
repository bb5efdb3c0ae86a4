import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import net from 'node:net';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import * as undici from 'undici';
import * as undici6 from 'undici6';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { startServer, useServers } from '../../../tools/test/serve.ts';
import { apiKey, createClient } from '../index.ts';

const serve = useServers();
const client = createClient({ jar: false });
const own = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = own;
});

let origin: string;
let arrivals: string[];
beforeEach(async () => {
  arrivals = [];
  origin = await serve((request, response) => {
    arrivals.push(`${request.method} ${request.url}`);
    response.end('the server');
  });
});

const get = (path = '/') => client.get(`${origin}${path}`).text();

describe('what stands in for the network is asked, and the network once it is gone:', () => {
  it('msw', async () => {
    const server = setupServer(http.get(`${origin}/`, () => HttpResponse.text('msw')));
    server.listen({ onUnhandledFrame: 'bypass' });
    expect(await get()).toBe('msw');
    expect(await get('/other')).toBe('the server');
    server.close();
    expect(await get()).toBe('the server');
    expect(arrivals).toEqual(['GET /other', 'GET /']);
  });

  it('nock', async () => {
    // It is active from its import on.
    const { default: nock } = await import('nock');
    nock(origin).post('/', 'a body').reply(201, 'nock');
    const response = await client.post(origin, { body: 'a body' });
    expect([response.status, await response.text()]).toEqual([201, 'nock']);
    nock.restore();
    expect(await get()).toBe('the server');
  });

  it.each([
    ['undici', undici],
    ['undici 6', undici6],
  ])('MockAgent of %s', async (_, { MockAgent, getGlobalDispatcher, setGlobalDispatcher }) => {
    const before = getGlobalDispatcher();
    const agent = new MockAgent();
    agent.disableNetConnect();
    setGlobalDispatcher(agent);
    agent.get(origin).intercept({ path: '/', method: 'POST', body: 'a body' }).reply(201, 'a mock');
    try {
      const response = await client.post(origin, { body: 'a body' });
      expect([response.status, await response.text()]).toEqual([201, 'a mock']);
    } finally {
      setGlobalDispatcher(before);
    }
    expect(await get()).toBe('the server');
  });

  it('a fetch of another realm, as a test runner gives it to its sandbox', async () => {
    const source = `(function fetch(input, init = undefined) {
      if (false) require('internal/deps/undici/undici');
      return answer();
    })`;
    globalThis.fetch = runInNewContext(source, { answer: async () => new Response('the sandbox') });
    expect(await get()).toBe('the sandbox');
  });
});

/** Runs a program in a Node of its own; gives what it prints. `client` is there. */
async function run(program: string, args: string[] = [], env: Record<string, string> = {}): Promise<string> {
  const source = `
    import { createClient } from ${JSON.stringify(import.meta.resolve('../index.ts'))};
    const client = createClient({ jar: false });
    ${program}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, '--no-warnings', '--input-type=module', '--eval', source],
    { env: { ...process.env, NODE_OPTIONS: '', ...env } },
  );
  return stdout.trim();
}

/** Prints the answer, and how often fetch was called for it: it keeps a record of each call for `performance`. */
const printing = (url: string, get = 'client.fetch') => `
    const text = await (await ${get}('${url}')).text();
    await new Promise(setImmediate);
    console.log(text, performance.getEntriesByType('resource').length);`;

describe('in a program', () => {
  it('fetch is not called on the way to the network, not even for the first request', async () => {
    const both = `{ ${printing(origin)} } { ${printing(origin, 'fetch')} }`;
    expect(await run(both)).toBe('the server 0\nthe server 1');
  });

  it('a fetch that was put in place before any other code ran is called', async () => {
    const wrapped = `const own = fetch; globalThis.fetch = (...call) => own(...call);`;
    const early = ['--import', `data:text/javascript,${encodeURIComponent(wrapped)}`];
    expect(await run(printing(origin), early)).toBe('the server 1');
  });

  it("install() of undici puts undici's own fetch in place, which is called", async () => {
    const undici = JSON.stringify(import.meta.resolve('undici'));
    const program = `
    const { install } = await import(${undici});
    const stale = Response;
    install();
    const response = await client.get('${origin}');
    console.log(response instanceof Response, response instanceof stale, await response.text());`;
    expect(await run(program)).toBe('true false the server');
  });

  it('NODE_USE_ENV_PROXY=1 sends it by the proxy', async () => {
    const proxied: string[] = [];
    const proxy = createServer((_, response) => response.end('the proxy'));
    proxy.on('connect', (request, socket) => {
      proxied.push(`CONNECT ${request.url}`);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nthe proxy'));
    });
    const port = await startServer(proxy);
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${port}` };
    expect(await run(printing('http://inside.test/'), [], env)).toBe('the proxy 0');
    expect(proxied).toEqual(['CONNECT inside.test:80']);
  });
});

it.each<[string, Pick<typeof undici, 'getGlobalDispatcher' | 'setGlobalDispatcher'>, () => unknown]>([
  ['undici', undici, () => new undici.Agent().compose(undici.interceptors.redirect({ maxRedirections: 5 }))],
  ['undici 6', undici6 as never, () => new undici6.Agent({ maxRedirections: 5 } as object)],
])('a dispatcher of %s that follows redirects by itself carries no secret along', async (_, of, agent) => {
  const before = of.getGlobalDispatcher();
  of.setGlobalDispatcher(agent() as undici.Dispatcher);
  try {
    const home = await serve((_, response) => response.writeHead(302, { location: `${origin}/steal` }).end());
    const credentials = apiKey('x-api-key', 'a secret of home', { for: home });
    const response = await createClient({ jar: false, credentials }).get(home, { redirect: 'manual' });
    expect([response.status, response.headers.get('location'), arrivals]).toEqual([
      302,
      `${origin}/steal`,
      [],
    ]);
  } finally {
    of.setGlobalDispatcher(before);
  }
});

it('an answer that has no body by its status has none, whatever its Content-Length says', async () => {
  const heads = ['304 Not Modified\r\ncontent-length: 20\r\n\r\n', '204 None\r\ncontent-length: 2\r\n\r\nhi'];
  for (const head of [...heads, '205 Reset\r\ncontent-length: 2\r\n\r\nhi']) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(`HTTP/1.1 ${head}`));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    const response = await client.get(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe('');
    server.close();
  }
});

it('a stream that gives no octets fails, and sends nothing in their place', async () => {
  const body = (piece: unknown) =>
    new ReadableStream({
      start(sink) {
        sink.enqueue(piece);
        sink.close();
      },
    });
  for (const piece of [{ a: 1 }, 5, [1, 2], true, new Blob(['x'])]) {
    const error = await failure(client.post(origin, { body: body(piece) }));
    expect(String(error)).toContain('neither octets nor text');
  }
  const view = new DataView(new TextEncoder().encode('hello').buffer);
  expect((await client.post(origin, { body: body(view) })).ok).toBe(true);
});

it('a port that fetch refuses is refused for the same reason', async () => {
  await expect(client.get('http://127.0.0.1:22/')).rejects.toThrow(/bad port$/);
});
