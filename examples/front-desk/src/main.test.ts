import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Program, startProgram } from '../../shared/test-process.ts';
import { setCookie } from './test-desk.ts';

const main = new URL('main.ts', import.meta.url);

let folder: string;
const running: Program[] = [];
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'front-desk-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((desk) => desk.stop('SIGKILL')));
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true });
});

async function start(env: Record<string, string | undefined> = {}, args: string[] = []) {
  const desk = await startProgram(main, { DATA_DIR: folder, PORT: '0', ...env }, args);
  running.push(desk);
  return desk;
}

/** Takes a port; another program may have it already, which is as good. */
async function occupy(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return port;
  }
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

async function signIn(origin: string | undefined): Promise<string> {
  const body = new URLSearchParams({ user: 'ada', password: 'analytical-engine' });
  const headers = { 'sec-fetch-site': 'same-origin' };
  const response = await fetch(`${origin}/sign-in`, { method: 'POST', body, headers, redirect: 'manual' });
  return setCookie(response, '__Host-session')?.split(';')[0] ?? '';
}

async function profile(origin: string | undefined, cookie: string): Promise<Response> {
  return fetch(`${origin}/profile`, { headers: { cookie }, redirect: 'manual' });
}

describe('the process', () => {
  test('serves within five seconds, and says where, for whom and where it keeps things', async () => {
    const before = performance.now();
    const desk = await start();
    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await fetch(`${desk.origin}/`)).status).toBe(200);
    expect(desk.stdout()).toContain('ada');
    expect(desk.stdout()).toContain('analytical-engine');
    expect(desk.stdout()).toContain(folder);
    expect(desk.stdout()).toContain(`${desk.origin}/docs/ has the guides`);
    expect(desk.stderr()).toBe('');
  });

  test('remembers who is signed in when it is started again, and who signed out', async () => {
    const first = await start();
    const [staying, leaving] = [await signIn(first.origin), await signIn(first.origin)];
    await fetch(`${first.origin}/sign-out`, {
      method: 'POST',
      headers: { cookie: leaving, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
    expect(await first.stop()).toBe(0);

    const second = await start();
    const known = await profile(second.origin, staying);
    expect(known.status).toBe(200);
    expect(await known.text()).toContain('Hello, Ada Lovelace');
    expect((await profile(second.origin, leaving)).status).toBe(303);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with exit code 0 on %s, open connections or not',
    async (signal) => {
      const desk = await start();
      await fetch(`${desk.origin}/`);
      const before = performance.now();
      expect(await desk.stop(signal)).toBe(0);
      expect(performance.now() - before).toBeLessThan(3_000);
      expect(desk.stderr()).toBe('');
    },
  );

  test('takes a second Ctrl-C while it is ending, as npm sends it', async () => {
    const desk = await start();
    expect(await Promise.all([desk.stop(), desk.stop()])).toEqual([0, 0]);
  });
});

describe('several workers', { timeout: 60_000 }, () => {
  test('share the port and the store', async () => {
    const desk = await start({}, ['--workers', '2']);
    const cookie = await signIn(desk.origin);
    // A connection each, so that both workers are asked.
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        fetch(`${desk.origin}/profile`, { headers: { cookie, connection: 'close' }, redirect: 'manual' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await desk.stop()).toBe(0);
    expect(desk.stdout()).toContain('2 processes share the port.');
    expect(desk.stderr()).toBe('');
  });

  test('that cannot serve say so once', async () => {
    const port = await occupy(0);
    const desk = await start({ PORT: String(port) }, ['--workers', '2']);
    expect(await desk.stop()).toBe(1);
    expect(desk.stderr()).toBe(`Port ${port} is taken by another program: set PORT to another one.\n`);
  });
});

describe('another host', () => {
  test('is listened on, as a container needs', async () => {
    const desk = await start({ HOST: '0.0.0.0', ORIGIN: 'https://desk.example', NODE_ENV: 'production' });
    expect(desk.stdout()).not.toContain('analytical-engine');
    expect(desk.stdout()).toContain('Behind a proxy, set TRUST_PROXY');
    const port = new URL(desk.origin ?? '').port;
    const headers = { origin: 'https://desk.example' };
    const answer = await fetch(`http://127.0.0.1:${port}/theme`, {
      method: 'POST',
      headers,
      redirect: 'manual',
    });
    expect(answer.status).toBe(422);
  });
});

describe('a port', () => {
  test('that was asked for and is taken: one sentence, exit code 1', async () => {
    const port = await occupy(0);
    const desk = await start({ PORT: String(port) });
    expect(desk.origin).toBeUndefined();
    expect(await desk.stop()).toBe(1);
    expect(desk.stderr()).toBe(`Port ${port} is taken by another program: set PORT to another one.\n`);
  });

  test('3000 is taken: another one, said in one sentence', async () => {
    await occupy(3000);
    const desk = await start({ PORT: undefined });
    expect(desk.stdout()).toMatch(/^Port 3000 is taken by another program, so the desk tries another\.\n/);
    expect((await fetch(`${desk.origin}/`)).status).toBe(200);
  });

  test.each(['http', '70000', '-1', '3000.5'])('"%s" is none: one sentence, exit code 1', async (PORT) => {
    const desk = await start({ PORT });
    expect(await desk.stop()).toBe(1);
    expect(desk.stderr()).toBe(`PORT is "${PORT}", which is not a port: write 0 to 65535.\n`);
  });
});

describe('a database that cannot be used', () => {
  test.each([
    ['a file of something else', Buffer.from('These are my holiday plans, and no database.\n'.repeat(200))],
    ['a damaged database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_080, 0xa5)])],
  ])('%s is named in one sentence and stays as it is', async (_, content) => {
    const file = join(folder, 'front-desk.sqlite');
    writeFileSync(file, content);
    const desk = await start();
    expect(await desk.stop()).toBe(1);
    expect(desk.stderr()).toContain(file);
    expect(desk.stderr().trimEnd().split('\n')).toHaveLength(1);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['front-desk.sqlite']);
  });

  test('a folder in its place is named in one sentence', async () => {
    const file = join(folder, 'front-desk.sqlite');
    mkdirSync(file);
    const desk = await start();
    expect(await desk.stop()).toBe(1);
    expect(desk.stderr()).toContain(file);
    expect(desk.stderr().trimEnd().split('\n')).toHaveLength(1);
  });

  test('a data folder that cannot be made is named in one sentence', async () => {
    writeFileSync(join(folder, 'file'), '');
    const desk = await start({ DATA_DIR: join(folder, 'file', 'data') });
    expect(await desk.stop()).toBe(1);
    expect(desk.stderr()).toMatch(/^The data folder .* cannot be made \(ENOTDIR\)/);
  });
});
