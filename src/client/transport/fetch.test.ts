import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import * as undici from 'undici';
import * as undici6 from 'undici6';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, useServers } from '../../../tools/test/serve.ts';
import { createClient } from '../index.ts';

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
const tell = (url: string, get = 'client.fetch') => `
    const text = await (await ${get}('${url}')).text();
    await new Promise(setImmediate);
    console.log(text, performance.getEntriesByType('resource').length);`;

describe('in a program', () => {
  it('fetch is not called on the way to the network, not even for the first request', async () => {
    const both = `{ ${tell(origin)} } { ${tell(origin, 'fetch')} }`;
    expect(await run(both)).toBe('the server 0\nthe server 1');
  });

  it('a fetch that was put in place before any other code ran is called', async () => {
    const wrapped = `const own = fetch; globalThis.fetch = (...call) => own(...call);`;
    const early = ['--import', `data:text/javascript,${encodeURIComponent(wrapped)}`];
    expect(await run(tell(origin), early)).toBe('the server 1');
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
    expect(await run(tell('http://inside.test/'), [], env)).toBe('the proxy 0');
    expect(proxied).toEqual(['CONNECT inside.test:80']);
  });
});
