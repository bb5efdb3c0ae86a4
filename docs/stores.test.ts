import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { freePort } from '../tools/test/free-port.ts';
import { describeWith } from '../tools/test/parts.ts';
import { startPostgres } from '../tools/test/postgres.ts';
import { ready } from '../tools/test/ready.ts';
import { startRedis } from '../tools/test/redis.ts';

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(root, '.stores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const page = readFileSync(join(root, 'docs/stores.md'), 'utf8');

/** The block of the page that is marked by this word. */
function block(mark: string): string {
  return new RegExp(`^\`\`\`ts ${mark}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? '';
}

/** What a block prints in a process of its own, with the addresses of a server of ours. */
async function run(mark: string, replaced: Record<string, string>): Promise<string> {
  let code = block(mark);
  for (const [from, to] of Object.entries(replaced)) {
    expect(code).toContain(from);
    code = code.replaceAll(from, to);
  }
  const file = join(folder, `${mark}.ts`);
  writeFileSync(file, code);
  return (await promisify(execFile)(process.execPath, [file], { cwd: folder })).stdout.trim();
}

describeWith('redis', 'the blocks of docs/stores.md', () => {
  it('ioredis', async () => {
    await using server = await startRedis();
    expect(await run('ioredis', { 'redis://127.0.0.1:6379': server.url })).toBe('0');
  });

  it.each(['tls', 'tls-ioredis'])('%s', async (mark) => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'ca.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
      {
        stdio: 'ignore',
      },
    );
    const port = String(await freePort());
    const files = { 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': cert };
    await using _ = await startRedis({ 'tls-port': port, 'tls-auth-clients': 'no', ...files });
    expect(await run(mark, { 'sessions.internal:6380': `localhost:${port}` })).toBe('0');
  });

  it('sentinel', async () => {
    await using server = await startRedis();
    const port = await freePort();
    const file = join(folder, 'sentinel.conf');
    writeFileSync(
      file,
      `port ${port}\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 ${server.port} 1\n`,
    );
    const sentinel = await ready(
      spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] }),
      'stdout',
      '+monitor master mymaster',
    );
    try {
      expect(await run('sentinel', { 'sentinel.internal': '127.0.0.1', '26379': String(port) })).toBe('0');
    } finally {
      sentinel.kill('SIGKILL');
    }
  });
});

describeWith('postgres', 'the block of docs/stores.md for PostgreSQL', () => {
  it('postgres', async () => {
    await using server = await startPostgres();
    expect(await run('postgres', { 'postgres://hallpass@127.0.0.1:5432/postgres': server.url })).toBe('0');
  });
});

it('the worker of docs/stores.md is the one that is tested in workerd', () => {
  const tested = readFileSync(join(root, 'conformance/edge/app.ts'), 'utf8');
  expect(tested.endsWith(block('worker'))).toBe(true);
});
