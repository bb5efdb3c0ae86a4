import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { parseCookieHeader, reasons } from 'hallpass';
import { type ToNodeOptions, toNodeListener } from 'hallpass/node';
import { generateKey, keyRing } from 'hallpass/seal';
import { pipeline, type ServerEvent } from 'hallpass/server';
import { type Case, equal } from '../case.ts';
import { own, theme } from './app.ts';

interface Answer {
  status: number;
  /** What the handler was given; `undefined` when it was not reached. */
  body: { method: string; origin: string; path: string; cookies: string[]; theme: string | null } | undefined;
  address: string | undefined;
  /** Why the request was refused. */
  message: string | undefined;
  events: ServerEvent[];
}

/** Answers with what it was given, so that a test sees what became of the octets on the wire. */
const echo = (report: (address: string | undefined) => void, onEvent: (event: ServerEvent) => void) =>
  pipeline({ origins: [own], csrf: { keys: keyRing(generateKey()) }, onEvent, onWarning: false })(
    (request, context) => {
      report(context.address);
      const { origin, pathname } = new URL(request.url);
      const cookies = parseCookieHeader(request.headers.get('cookie'));
      return {
        method: request.method,
        origin,
        path: pathname,
        cookies: cookies.map(({ name, value }) => `${name}=${value}`),
        theme: context.cookies.get(theme) ?? null,
      };
    },
  );

const get = ['GET /x HTTP/1.1', 'Host: app.test'];
/** A state-changing request of a program or an old browser, with a cookie. */
const post = ['POST /x HTTP/1.1', 'Host: app.test', 'Cookie: a=1', 'Content-Length: 0'];

/** Requests that no client of the web sends, octet by octet, to `toNodeListener` on the node:http of this runtime. */
export const wire: Case[] = [
  {
    name: 'two Cookie lines are one header, joined by a semicolon',
    async run() {
      const { body } = await send([
        'GET /x HTTP/1.1',
        'Host: app.test',
        'Cookie: a=1; theme=dark',
        'Cookie: b=2',
      ]);
      equal([body?.cookies, body?.theme], [['a=1', 'theme=dark', 'b=2'], 'dark'], 'the cookies');
    },
  },
  {
    name: 'X6: a comma in a Cookie delimits nothing: no cookie can be planted behind it, and there is an event',
    async run() {
      const { body, events } = await send([...get, 'Cookie: a=1, theme=dark']);
      equal([body?.cookies, body?.theme], [['a=1, theme=dark'], null], 'the cookies');
      equal(ambiguities(events), [['comma-joined-cookie', 'a']], 'events');
    },
  },
  {
    name: 'X6: of several cookies with one name the first wins, and there is an event',
    async run() {
      const { body, events } = await send([...get, 'Cookie: theme=dark; a=1; theme=light; theme=blue']);
      equal([body?.theme, body?.cookies.length], ['dark', 4], 'the cookies');
      equal(ambiguities(events), [['duplicate-cookie', 'theme']], 'events');
      equal(JSON.stringify(events).includes('light'), false, 'a value in the events');
    },
  },
  {
    name: '1,000 cookies are read, and the last one found',
    async run() {
      const many = Array.from({ length: 999 }, (_, index) => `c${index}=${index}`);
      const { body, events } = await send([...get, `Cookie: ${many.join('; ')}; theme=dark`]);
      equal([body?.cookies.length, body?.theme, events], [1_000, 'dark', []], 'the cookies');
    },
  },
  {
    name: 'a header beyond what the server takes is 431, and reaches no handler',
    async run() {
      const { status, body } = await send([...get, `Cookie: a=${'x'.repeat(20_000)}`]);
      equal([status, body], [431, undefined], 'the answer');
    },
  },
  {
    name: 'octets beyond ASCII in one cookie leave the others alone',
    async run() {
      const { body } = await send([
        'GET /x HTTP/1.1',
        'Host: app.test',
        'Cookie: a=\xe9; theme=dark; b=\xc3\xa9',
      ]);
      equal([body?.cookies.length, body?.theme], [3, 'dark'], 'the cookies');
    },
  },
  {
    name: 'a control character in a Cookie is refused or read, and never an error of the server',
    async run() {
      const { status } = await send(['GET /x HTTP/1.1', 'Host: app.test', 'Cookie: a=\x01; theme=dark']);
      equal([200, 400].includes(status), true, `status ${status}`);
    },
  },
  {
    name: 'a target in absolute form is read as its path, and refused when it names another host',
    async run() {
      const same = await send(['GET http://app.test/x?y HTTP/1.1', 'Host: app.test']);
      equal([same.status, same.body?.path], [200, '/x'], 'the same host');
      equal((await send(['GET http://evil.test/x HTTP/1.1', 'Host: app.test'])).status, 400, 'another host');
    },
  },
  {
    name: 'two Host headers are refused',
    run: async () =>
      equal((await send(['GET /x HTTP/1.1', 'Host: app.test', 'Host: evil.test'])).status, 400, 'status'),
  },
  {
    name: 'an Origin is compared with the configured one, never with the Host that came',
    async run() {
      const from = (origin: string) =>
        send([
          'POST /x HTTP/1.1',
          'Host: evil.test',
          'Cookie: a=1',
          'Content-Length: 0',
          `Origin: ${origin}`,
        ]);
      equal([(await from('http://evil.test')).status, (await from(own)).status], [403, 200], 'statuses');
    },
  },
  {
    name: 'an Origin that looks like the own one, or comes twice, is foreign',
    async run() {
      const lookalikes = [
        ...[`${own}.evil.test`, `${own}:8443`, `${own}/`, `${own}.`, own.replace('https', 'http')],
        ...[own.toUpperCase(), ` ${own} x`, `${own}, ${own}`, own.replace('app.', 'app-'), ''],
      ];
      const refused = [403, reasons['csrf-foreign-origin'].sentence];
      for (const origin of lookalikes) {
        const { status, message } = await send([...post, `Origin: ${origin}`]);
        equal(
          [status, message?.replace(/from .*?, which/, 'from {origin}, which')],
          refused,
          JSON.stringify(origin),
        );
      }
    },
  },
  {
    name: 'Origin: null is nobody: not the own page, not a program',
    async run() {
      const { status, message } = await send([...post, 'Origin: null']);
      equal([status, message], [403, reasons['csrf-opaque-origin'].sentence], 'the answer');
    },
  },
  {
    name: 'forwarded headers of a peer that is no trusted proxy are not believed',
    async run() {
      const forwarded = [
        'X-Forwarded-For: 192.0.2.1',
        'X-Forwarded-Proto: https',
        'X-Forwarded-Host: evil.test',
        'X-Real-IP: 192.0.2.1',
        'Forwarded: for=192.0.2.1;proto=https;host=evil.test',
      ];
      for (const trustProxy of [undefined, '10.0.0.0/8']) {
        const { address, body } = await send([...get, ...forwarded], '', { trustProxy });
        equal([address, body?.origin], ['127.0.0.1', 'http://app.test'], `trustProxy ${trustProxy}`);
      }
      const { address, body } = await send([...get, ...forwarded], '', { trustProxy: '127.0.0.1' });
      equal([address, body?.origin], ['192.0.2.1', 'https://evil.test'], 'a trusted proxy');
    },
  },
  {
    name: 'no header and no field changes the method: a POST stays one, and is judged as one',
    async run() {
      const tricks = ['X-HTTP-Method-Override: GET', 'X-HTTP-Method: GET', 'X-Method-Override: GET'];
      const field = ['Content-Type: application/x-www-form-urlencoded'];
      const crossSite = ['POST /x?_method=GET HTTP/1.1', ...post.slice(1, 3), 'Sec-Fetch-Site: cross-site'];
      const forged = await send([...crossSite, ...tricks, ...field, 'Content-Length: 11'], '_method=GET');
      equal([forged.status, forged.body], [403, undefined], 'from another site');
      const { body } = await send([
        'GET /x?_method=DELETE HTTP/1.1',
        'Host: app.test',
        'X-HTTP-Method-Override: DELETE',
      ]);
      equal(body?.method, 'GET', 'a GET stays one too');
    },
  },
  {
    name: 'a body without a Content-Type is nobody’s form: it reaches the handler, and no token is looked for in it',
    async run() {
      const body = 'csrf_token=x';
      const length = `Content-Length: ${body.length}`;
      const bare = await send([...post.slice(0, 3), length], body);
      equal([bare.status, bare.body?.method], [200, 'POST'], 'of a program');
      const opaque = await send([...post.slice(0, 3), length, 'Origin: null'], body);
      equal(
        [opaque.status, opaque.message],
        [403, reasons['csrf-opaque-origin'].sentence],
        'of a sandboxed frame',
      );
    },
  },
];

function ambiguities(events: readonly ServerEvent[]) {
  return events.flatMap((event) =>
    event.type === 'ambiguous-cookies' ? event.reasons.map(({ code, facts }) => [code, facts?.name]) : [],
  );
}

/** Sends these lines as Latin-1, and reads the answer until the connection ends. */
async function send(lines: readonly string[], body = '', options?: ToNodeOptions): Promise<Answer> {
  const events: ServerEvent[] = [];
  let address: string | undefined;
  const handler = echo(
    (reported) => {
      address = reported;
    },
    (event) => events.push(event),
  );
  const server = createServer(toNodeListener(handler, options)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    let answer = '';
    socket.on('data', (octets: Uint8Array) => {
      answer += new TextDecoder().decode(octets);
    });
    socket.write([...lines, 'Connection: close', '', body].join('\r\n'), 'latin1');
    await once(socket, 'end');
    const [head = '', text = ''] = answer.split('\r\n\r\n', 2);
    const status = Number(head.split(' ')[1]);
    const json = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1) || '{}');
    return { status, body: status === 200 ? json : undefined, address, message: json.message, events };
  } finally {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  }
}
