import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { generateKey, keyRing } from 'hallpass/seal';
import { createSessions, type Sessions } from 'hallpass/session';
import { sqliteRevocations, sqliteStore } from 'hallpass/stores/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

const sessionOver = 4001;
let folder: string;
let closers: (() => unknown)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-sockets-'));
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true });
});

/** An app over HTTP: who you are, signing in and out, and a socket that says hello and lasts as long as the session. */
async function serve(sessions: Sessions): Promise<string> {
  const server: Server = createServer(async (request, response) => {
    const session = await sessions.open(request.headers.cookie);
    if (request.url === '/login') session.login('alice');
    if (request.url === '/logout') session.logout();
    for (const line of await sessions.commit(session)) response.appendHeader('Set-Cookie', line);
    response.end(session.user ?? 'nobody');
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', async (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    const session = await sessions.open(request.headers.cookie);
    if (session.user === undefined) return raw.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const view = sessions.view(session, { every: '50ms' });
      view.ended.onabort = () => socket.close(sessionOver, String(view.ended.reason.cause));
      socket.on('close', () => view[Symbol.dispose]());
      socket.send(`hello ${view.user}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function signIn(host: string): Promise<string> {
  const response = await fetch(`http://${host}/login`, { method: 'POST' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function connect(
  host: string,
  cookie: string,
): Promise<{ socket: WebSocket; closed: Promise<string> }> {
  const socket = new WebSocket(`ws://${host}`, { headers: { cookie } });
  closers.push(() => socket.terminate());
  const closed = once(socket, 'close').then(([code, reason]) => `${code} ${reason}`);
  const [hello] = await once(socket, 'message');
  expect(String(hello)).toBe('hello alice');
  return { socket, closed };
}

const stored = () => {
  const store = sqliteStore(join(folder, 'sessions.db'));
  closers.push(() => store[Symbol.asyncDispose]?.());
  return createSessions({ store });
};
const keys = keyRing(generateKey());
const sealed = () => {
  const revocations = sqliteRevocations(join(folder, 'revocations.db'));
  closers.push(() => revocations[Symbol.asyncDispose]());
  return createSessions({ sealed: { keys, revocations } });
};

describe.each<[string, () => Sessions]>([
  ['stored', stored],
  ['sealed', sealed],
])('a WebSocket over a %s session', (_, make) => {
  it('is closed when another request signs out, and others stay open (ASVS 7.4.1)', async () => {
    const host = await serve(make());
    const [leaving, staying] = [await signIn(host), await signIn(host)];
    const [one, other] = [await connect(host, leaving), await connect(host, staying)];
    await fetch(`http://${host}/logout`, { method: 'POST', headers: { cookie: leaving } });
    expect(await one.closed).toBe(`${sessionOver} revoked`);
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is closed when another server signs the user out', async () => {
    const [here, there] = [await serve(make()), await serve(make())];
    const cookie = await signIn(here);
    const { closed } = await connect(here, cookie);
    await fetch(`http://${there}/logout`, { method: 'POST', headers: { cookie } });
    expect(await closed).toBe(`${sessionOver} revoked`);
  });

  it('is refused to whoever is not signed in', async () => {
    const host = await serve(make());
    const socket = new WebSocket(`ws://${host}`, { headers: { cookie: '__Host-session=nonsense' } });
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('401');
  });
});
