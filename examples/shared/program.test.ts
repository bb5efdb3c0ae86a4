import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, traceOf } from 'hallpass/client';
import { CookieJar } from 'hallpass/jar';
import { generateKey } from 'hallpass/seal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../src/testing/lab/certificate.ts';
import { type Program, startProgram } from './test-process.ts';

let folder: string;
const running: Program[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-example-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop('SIGKILL')));
  rmSync(folder, { recursive: true });
});

async function start(name: string, env: Record<string, string | undefined> = {}) {
  const main = new URL(`../${name}/src/main.ts`, import.meta.url);
  const program = await startProgram(main, { DATA_DIR: folder, PORT: '0', NODE_ENV: undefined, ...env });
  running.push(program);
  return program;
}

describe.each(['response-cookies', 'session-cookies'])('%s', (name) => {
  test('S55 one command serves it, and says where', async () => {
    const program = await start(name);
    expect(program.stderr()).not.toMatch(/Error/);
    const response = await fetch(`${program.origin}/set-cookie`);
    expect([response.status, response.headers.getSetCookie().length]).toEqual([200, 1]);
    expect((await fetch(`${program.origin}/`)).status).toBe(200);
    expect(await program.stop()).toBe(0);
  });

  test('K7 S107 it can be served over https', async () => {
    const { certificate, key } = selfSignedCertificate(['localhost']);
    const [TLS_CERT, TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(TLS_CERT, certificate);
    writeFileSync(TLS_KEY, key);
    const program = await start(name, { TLS_CERT, TLS_KEY });
    expect(program.origin).toMatch(/^https:/);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${program.origin}/set-cookie`, { ca: certificate }, resolve).on('error', reject);
    });
    expect([answer.statusCode, answer.headers['set-cookie']?.length]).toEqual([200, 1]);
    answer.resume();
  });

  test('half an identity: one sentence, exit code 1', async () => {
    const program = await start(name, { TLS_CERT: join(folder, 'absent.pem') });
    expect(await program.stop()).toBe(1);
    expect(program.stderr()).toBe('TLS_CERT and TLS_KEY go together: name two PEM files that can be read.\n');
  });

  test('a port that is taken: one sentence, exit code 1', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const program = await start(name, { PORT: String(port) });
    server.close();
    expect(program.origin).toBeUndefined();
    expect(await program.stop()).toBe(1);
    expect(program.stderr()).toBe(`Port ${port} is taken by another program: set PORT to another one.\n`);
  });
});

describe('response-cookies over one folder of data', () => {
  const line = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const logIn = async (origin: string | undefined) =>
    line(await fetch(`${origin}/login`, { method: 'POST', body: new URLSearchParams({ username: 'ada' }) }));
  const profile = async (origin: string | undefined, cookie: string) =>
    (await fetch(`${origin}/profile`, { headers: { cookie }, redirect: 'manual' })).status;

  test('S73 F18 two processes share the sessions, and a restart of both keeps them', async () => {
    const [one, other] = [await start('response-cookies'), await start('response-cookies')];
    const [staying, leaving] = [await logIn(one.origin), await logIn(one.origin)];
    expect([await profile(other.origin, staying), await profile(other.origin, leaving)]).toEqual([200, 200]);
    await fetch(`${other.origin}/logout`, { method: 'POST', headers: { cookie: leaving } });
    expect([await profile(one.origin, staying), await profile(one.origin, leaving)]).toEqual([200, 303]);

    await Promise.all([one.stop('SIGKILL'), other.stop()]);
    const again = await start('response-cookies');
    expect([await profile(again.origin, staying), await profile(again.origin, leaving)]).toEqual([200, 303]);
  });

  test('S54 a session, a preference, and tracking that asks first', async () => {
    const { origin } = await start('response-cookies');
    expect(await profile(origin, await logIn(origin))).toBe(200);

    const theme = line(
      await fetch(`${origin}/theme`, {
        method: 'POST',
        body: new URLSearchParams({ theme: 'dark' }),
        redirect: 'manual',
      }),
    );
    const page = async (cookie: string) => await fetch(`${origin}/`, { headers: { cookie } });
    expect(await (await page(theme)).text()).toContain('data-theme="dark"');

    expect((await page('')).headers.getSetCookie()).toEqual([]);
    const consent = line(
      await fetch(`${origin}/consent`, {
        method: 'POST',
        body: new URLSearchParams({ choice: 'accept' }),
        redirect: 'manual',
      }),
    );
    const tracking = (await page(consent)).headers.getSetCookie().map((one) => one.split('=')[0]);
    expect(tracking).toEqual(['visitor_id']);
  });
});

test('S64 a Domain that the answering host may not set is told while developing, and no client keeps the cookie', async () => {
  const program = await start('session-cookies', { COOKIE_DOMAIN: 'shop.example' });
  const client = createClient({ jar: new CookieJar({ secureOnLoopback: true }) });
  const response = await client.post(`${program.origin}/section-4/login?username=john`);
  expect(response.headers.getSetCookie().join()).toContain('Domain=shop.example');
  expect(client.jar?.size).toBe(0);
  expect(traceOf(response).hops[0]?.cookies.set[0]?.verdict.reasons[0]?.code).toBe('domain-foreign');
  expect(program.stderr()).toContain('localhost may not set a cookie for shop.example');
});

describe('session-cookies in production', () => {
  test.each([undefined, '', 'your-secret-key-here'])('S105 does not start with the key %j', async (key) => {
    const program = await start('session-cookies', { NODE_ENV: 'production', HALLPASS_KEYS: key });
    expect(await program.stop()).toBe(1);
    expect(program.stderr()).toMatch(/^HALLPASS_KEYS: A key [^\n]+\n$/);
  });

  test('S73 S112 keeps its keys and its logouts over a restart, and shows nothing for debugging', async () => {
    const env = { NODE_ENV: 'production', HALLPASS_KEYS: generateKey() };
    const first = await start('session-cookies', env);
    const logIn = async () => {
      const response = await fetch(`${first.origin}/login?username=john`, { method: 'POST' });
      return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    };
    const [staying, leaving] = [await logIn(), await logIn()];
    await fetch(`${first.origin}/logout`, { method: 'POST', headers: { cookie: leaving } });
    await first.stop();

    const second = await start('session-cookies', env);
    const profile = async (cookie: string) =>
      (await fetch(`${second.origin}/profile`, { headers: { cookie } })).json();
    expect(await profile(staying)).toEqual({ user: 'john' });
    expect(await profile(leaving)).toEqual({ error: 'Not logged in' });
    expect((await fetch(`${second.origin}/debug/cookies`)).status).toBe(404);
  });
});
