import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { parseCookieHeader } from 'hallpass';
import { toNodeListener } from 'hallpass/node';
import { pipeline } from 'hallpass/server';
import { own, theme } from './app.ts';
import { type Case, equal } from './check.ts';

/** Answers with what it was given, so that a test sees what became of the octets on the wire. */
const echo = pipeline({ origins: [own] })((request, context) =>
  Response.json({
    path: new URL(request.url).pathname,
    cookies: parseCookieHeader(request.headers.get('cookie')).map(({ name, value }) => `${name}=${value}`),
    theme: context.cookies.get(theme) ?? null,
  }),
);

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
      equal(body, { path: '/x', cookies: ['a=1', 'theme=dark', 'b=2'], theme: 'dark' }, 'the request');
    },
  },
  {
    name: 'a comma in a Cookie delimits nothing: no cookie can be planted behind it',
    async run() {
      const { body } = await send(['GET /x HTTP/1.1', 'Host: app.test', 'Cookie: a=1, theme=dark']);
      equal(body, { path: '/x', cookies: ['a=1, theme=dark'], theme: null }, 'the request');
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
];

interface Answer {
  status: number;
  body: { path: string; cookies: string[]; theme: string | null } | undefined;
}

/** Sends these lines as Latin-1, and reads the answer until the connection ends. */
async function send(lines: readonly string[]): Promise<Answer> {
  const server = createServer(toNodeListener(echo)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    let answer = '';
    socket.on('data', (octets: Uint8Array) => {
      answer += new TextDecoder().decode(octets);
    });
    socket.write([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1');
    await once(socket, 'end');
    const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
    const status = Number(head.split(' ')[1]);
    return {
      status,
      body: status === 200 ? JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)) : undefined,
    };
  } finally {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  }
}
