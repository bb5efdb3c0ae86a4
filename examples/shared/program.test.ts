import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('session-cookies in production', () => {
  test.each([undefined, '', 'your-secret-key-here'])('S105 does not start with the key %j', async (key) => {
    const program = await start('session-cookies', { NODE_ENV: 'production', HALLPASS_KEYS: key });
    expect(await program.stop()).toBe(1);
    expect(program.stderr()).toMatch(/^HALLPASS_KEYS: A key [^\n]+\n$/);
  });

  test('S73 S112 K3 keeps its keys and its logouts over a restart, and shows nothing for debugging', async () => {
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
