import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../tools/test/run-command.ts';
import { startServer } from '../../tools/test/serve.ts';
import { toNodeListener } from '../adapters/node.ts';
import { pipeline } from '../server/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { meet } from './race/orders.ts';
import { TimedRequest } from './race/timed-request.ts';

const secret = 'S3CRET-pass word&more';

/** The four requests of {@link shop}. */
const requests = {
  signIn: 'POST /login user=ada&password={env:PASS}',
  write: 'PUT /cart {"add":"{value}"}',
  read: 'GET /cart',
  signOut: 'POST /logout token={csrf}',
};

const shell = (argv: string[], file?: object) =>
  runCommand(['race', ...argv], {
    env: { PASS: secret },
    piped: file && JSON.stringify(file),
    secret,
  });

const here = ['http://127.0.0.1:1', '--file', '-'];

/** A shop in one process whose carts are lists: what is added is added at once, and its cookie is the user. */
async function shop({ forgets = false, refuses = '', status = 0, after = 3 } = {}): Promise<string> {
  const carts = new Map<string, string[]>();
  const bodies: string[] = [];
  let made = 0;
  let asked = 0;
  const server = createServer(async (request, response) => {
    const id = /cart=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const before = [...(carts.get(id) ?? [])];
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    const cart = carts.get(id);
    if (`${request.method} ${request.url}` === refuses && ++asked > after) {
      response.writeHead(status).end();
      return;
    }
    if (request.url === '/login' && body === `user=ada&password=${encodeURIComponent(secret)}`) {
      made += 1;
      carts.delete(id);
      carts.set(String(made), []);
      response.setHeader('set-cookie', `cart=${made}; Path=/; HttpOnly`);
    } else if (request.url === '/about') response.statusCode = 200;
    else if (cart === undefined) response.statusCode = 401;
    else if (request.url === '/logout' && body === 'token=t42') carts.delete(id);
    else if (request.method === 'PUT') {
      if (forgets) carts.set(id, [...before, JSON.parse(body).add]);
      else cart.push(JSON.parse(body).add);
    }
    response.end(`token="t42" ${(carts.get(id) ?? []).join()}`);
  });
  return `http://127.0.0.1:${await startServer(server)}`;
}

describe('hallpass race', { timeout: 60_000 }, () => {
  const file = { ...requests, take: { csrf: 'token="(.+?)"' } };

  it('finds nothing in an app that loses nothing', async () => {
    const { code, stdout, stderr } = await shell([await shop(), '--file', '-', '--rounds', '1'], file);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\nNothing was found; pairs: 10, orders: \d+, requests: \d+, seed: 1\n$/);
    expect(code).toBe(0);
  });

  it('finds nothing in an app of ours where visitors may write and only users read: the two meet in a session that has begun', async () => {
    const sessions = createSessions<{ cart: string[] }>({ store: memoryStore() });
    const app = pipeline({ sessions })(async (request, context) => {
      const session = await context.session();
      const { pathname } = new URL(request.url);
      if (pathname === '/login') session.login('ada');
      else if (pathname === '/logout') session.logout();
      else if (request.method === 'GET')
        return { user: await context.requireUser(), cart: session.get('cart') ?? [] };
      else {
        const { add } = (await request.json()) as { add: string };
        session.update('cart', (cart = []) => [...cart, add]);
      }
      return new Response();
    });
    const url = `http://127.0.0.1:${await startServer(createServer(toNodeListener(app)))}`;
    const { code, stdout } = await shell([url, '--file', '-', '--rounds', '1'], {
      ...requests,
      signOut: 'POST /logout',
    });
    expect(stdout).toContain('Nothing was found');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'note What a visitor writes who is not signed in is not in GET /cart: ids were not followed by what they hold.',
    );
    expect(code).toBe(0);
  });

  it('meets in an app that takes one request after the other: the second is answered when the first has ended', async () => {
    let last: Promise<unknown> = Promise.resolve();
    const ended: string[] = [];
    const server = createServer(async (request, response) => {
      const before = last;
      last = once(response, 'close');
      await before;
      await text(request);
      ended.push(request.url ?? '');
      response.end();
    });
    const origin = new URL(`http://127.0.0.1:${await startServer(server)}`);
    const write = (path: string) =>
      new TimedRequest(origin, { method: 'PUT', path, headers: {}, body: 'x' }, path, undefined);
    const held = { first: 0, overlap: 'held', offset: 0, delivered: 0 } as const;
    const answers = await meet([write('/one'), write('/other')], held, { alone: 1, pause: 40 });
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(ended).toEqual(['/one', '/other']);
  });

  it('waits no longer than that for an answer whose body does not end', async () => {
    const port = await startServer(createServer((_, response) => response.write('half')));
    const origin = new URL(`http://127.0.0.1:${port}`);
    const filled = { method: 'GET', path: '/', headers: {}, body: undefined };
    const request = new TimedRequest(origin, filled, 'GET /', undefined, 50);
    request.finish();
    await expect(request.answer).rejects.toThrow('GET / failed: no answer in 0.05 s.');
  });

  it('tells of a lost write with the two requests in their order, and ends with 1', async () => {
    const url = await shop({ forgets: true });
    const { code, stdout } = await shell([url, '--file', '-', '--rounds', '1'], file);
    expect(code).toBe(1);
    expect(stdout).toContain(`
lost-write  A write that was answered as done is lost.
  PUT /cart, PUT /cart, in `);
    expect(stdout).toContain(`
    1  A, PUT /cart, is sent but for the last octet of its body
    2  B, PUT /cart, is sent with the same cookies and answered 200
    3  the rest of A is sent, and it is answered 200
    4  the browser has the answer to A, then that to B
    →  what B wrote is not in the read
`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('cart=');
  });

  it.each([
    ['PUT /cart', 429],
    ['PUT /cart', 403],
    ['PUT /cart', 500],
    ['POST /login', 429],
    ['POST /login', 403],
    ['POST /login', 503],
    ['GET /cart', 429],
  ])('judges nothing where the app refuses %s with %i, says so and ends with 1', async (refuses, status) => {
    const url = await shop({ refuses, status, after: refuses === 'GET /cart' ? 8 : 3 });
    const { code, stdout } = await shell([url, '--file', '-', '--rounds', '1'], file);
    expect(code).toBe(1);
    expect(stdout).not.toContain('signed-out');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(
        `The app refused \\d+ of \\d+ requests \\(${status}\\), so \\d+ of \\d+ orders were not judged: raise its limit\\.`,
      ),
    );
    expect(stdout).toContain('Nothing was found in what could be judged');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each<[string, Parameters<typeof createServer>[1] & object, string]>([
    [
      'a 101',
      (request) =>
        request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      'it is answered 101',
    ],
    ['a connection that is closed', (request) => request.socket.end(), 'ECONNRESET'],
    ['a page without end', (_, response) => response.end('x'.repeat(1_000_001)), 'more than 1 MB'],
  ])('fails at %s', async (_, listener, why) => {
    const port = await startServer(createServer(listener));
    const { code, stderr } = await shell([`http://127.0.0.1:${port}`, '--file', '-'], file);
    expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
  });

  it.each([
    [
      'a read that shows nobody',
      { ...file, read: '/about' },
      /^hallpass: GET \/about is answered 200 with and without/,
    ],
    [
      'a sign-in that does not',
      { ...file, signedIn: 'Ada' },
      /^hallpass: After POST \/login \(200\), GET \/cart shows no user\.\n$/,
    ],
    [
      'a write that is not to be seen',
      { ...file, write: '/cart x={value}', signIn: file.signIn },
      /^hallpass: What POST \/cart \(200\) wrote is not in GET \/cart\.\n$/,
    ],
    [
      'a sign-out that does not',
      { ...file, signOut: '/logout x=1' },
      /^hallpass: After POST \/logout \(200\), GET \/cart still shows the user\.\n$/,
    ],
  ])('says what does not fit the app: %s', async (_, plan, sentence) => {
    const { code, stdout, stderr } = await shell([await shop(), '--file', '-'], plan);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.replaceAll(/\n(?=.)/g, ' ')).toMatch(sentence);
  });

  it('says that nothing listens there', async () => {
    const { code, stderr } = await shell(here, file);
    expect(code).toBe(1);
    expect(stderr).toBe('hallpass: GET /cart failed: ECONNREFUSED.\n');
  });

  it.each([
    ['no URL', ['--file', '-'], file, 'One URL is needed'],
    ['another machine', ['https://shop.example.com', '--file', '-'], file, '--allow shop.example.com'],
    [
      'another machine than the one that is allowed',
      ['http://192.0.2.1', '--allow', '192.0.2.2'],
      file,
      '192.0.2.1',
    ],
    ['a path', ['http://127.0.0.1/shop', '--file', '-'], file, 'URL has no path'],
    ['a missing request', here, { ...file, signOut: undefined }, '--sign-out is missing'],
    ['a file that is no JSON', ['http://127.0.0.1:1', '--file', import.meta.filename], file, 'a JSON object'],
    ['a key that is unknown', here, { ...file, logout: '/' }, '"logout" is unknown'],
    [
      'a request that is none',
      here,
      { ...file, read: `cart ${secret}` },
      '"read" takes a request on one line',
    ],
    ['a request to another host', here, { ...file, read: `GET https://a.test/` }, '"read" takes a request'],
    ['a path that begins with a host', here, { ...file, read: 'GET //a.test/' }, 'names another host'],
    ['the same with a backslash', here, { ...file, read: 'GET /\\\\a.test/' }, 'names another host'],
    [
      'a form of forms',
      here,
      { ...file, signIn: { request: '/login', form: { user: {} } } },
      'a "form" of names and texts',
    ],
    ['a write without a value', here, { ...file, write: '/cart a=1' }, 'needs a {value}'],
    ['a placeholder that nothing gives', here, { ...file, take: {} }, '{csrf} is neither'],
    ['a variable that is not set', here, { ...file, read: '/{env:NOT_SET}' }, 'NOT_SET is empty'],
    ['a pattern that takes nothing', here, { ...file, take: { csrf: 'x' } }, 'a pattern with one ( )'],
    ['two bodies', here, { ...file, write: { request: '/cart a=1', json: {} } }, 'more than one body'],
    ['one field', [...here, '--fields', 'a'], { ...file, write: '/cart {field}={value}' }, '--fields takes'],
    ['no rounds', [...here, '--rounds', '0'], file, '--rounds takes'],
    ['a seed that is none', [...here, '--seed', secret], file, '--seed takes'],
    ['a header that is none', [...here, '-H', secret], file, 'A header is written'],
    [
      'a cookie of its own',
      [...here, '-H', `Cookie: a=${secret}`],
      file,
      'Cookies are those that the app sets',
    ],
    ['a user in the URL', [`http://ada:${secret}@127.0.0.1:1`, '--file', '-'], file, "'Authorization: Basic"],
  ])('refuses %s with 2 and names it', async (_, argv, plan, named) => {
    const { code, stdout, stderr } = await shell(argv, plan);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass race --help tells more\.\nhallpass: [^\n]+\.\n$/);
    expect(stderr).toContain(named);
  });
});
