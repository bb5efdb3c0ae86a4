import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../testing/lab/index.ts';
import { run } from './run.ts';

const secret = 'S3CRET-token-value';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

async function shell(argv: string[], env: Record<string, string> = {}) {
  const said = { stdout: '', stderr: '' };
  const code = await run(argv, {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    env,
  });
  expect(said.stdout).not.toContain(secret);
  expect(said.stderr).not.toContain(secret);
  return { code, ...said };
}

const redirectTo = (from: string, to: string) => `${from}/redirect-to?url=${encodeURIComponent(to)}`;

/** What arrived at the last request of the lab. */
const lastArrived = () => lab.log.at(-1)?.headers;

describe('hallpass', () => {
  it.each([
    [['--help']],
    [['-h']],
    [['trace', '--help']],
    [['trace', '-h']],
    [['lab', '--help']],
    [['lint', '--help']],
    [['jar', '--help']],
    [['keys', '--help']],
    [['sessions', '--help']],
  ])('helps: %j', async (argv) => {
    const { code, stdout, stderr } = await shell(argv);
    expect(code).toBe(0);
    expect(stdout).toContain('hallpass');
    expect(stderr).toBe('');
  });

  it('lists every command', async () => {
    const { stdout } = await shell(['--help']);
    const names = [...stdout.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(names).toEqual(['trace', 'lint', 'jar', 'keys', 'sessions', 'lab']);
  });

  it.each([[[]], [['no-such-command']], [[secret]], [['constructor']], [['--json']]])(
    'answers %j with one sentence, the usage and 2',
    async (argv) => {
      const { code, stdout, stderr } = await shell(argv);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^(Which command\?|There is no such command\.)\n\nhallpass <command>/);
    },
  );
});

describe('hallpass trace', () => {
  it('S12 S43 says at the second hop that Authorization was withheld, and why', async () => {
    const { a, b } = lab.origins;
    const { code, stdout, stderr } = await shell([
      'trace',
      redirectTo(a, `${b}/headers`),
      '--bearer',
      secret,
      '--for',
      a,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(lab.log.at(-2)?.headers.authorization).toBe(`Bearer ${secret}`);
    expect(lastArrived()?.authorization).toBeUndefined();
    const [first = '', second = ''] = stdout.split(`GET ${b}/headers`);
    expect(first).toMatch(/authorization.* sent/);
    expect(second).toMatch(/authorization.* withheld: authorization is for http:.*scope-other-host/);
  });

  it('says the same as data with --json', async () => {
    const { a, b } = lab.origins;
    const argv = ['trace', redirectTo(a, `${b}/headers`), '--bearer', secret, '--for', a, '--json'];
    const { code, stdout } = await shell(argv);
    expect(code).toBe(0);
    const { hops } = JSON.parse(stdout);
    expect(hops).toHaveLength(2);
    expect(hops[0]).toMatchObject({ method: 'GET', status: 302, secrets: [{ verdict: { allowed: true } }] });
    expect(hops[1]).toMatchObject({
      url: `${b}/headers`,
      status: 200,
      secrets: [
        { name: 'authorization', verdict: { allowed: false, reasons: [{ code: 'scope-other-host' }] } },
      ],
    });
  });

  it('gives a bearer without --for to the origin of URL, whatever the headers', async () => {
    const { a, a2 } = lab.origins;
    await shell(['trace', `${a}/headers`, '--bearer', secret, '-H', 'X-One: 1', '--header', 'X-Two:2:3']);
    expect(lastArrived()).toMatchObject({
      authorization: `Bearer ${secret}`,
      'x-one': '1',
      'x-two': '2:3',
    });
    await shell(['trace', redirectTo(a, `${a2}/headers`), '--bearer', secret, '-H', `X-Api-Key: ${secret}`]);
    expect(lastArrived()?.authorization).toBeUndefined();
    expect(lastArrived()?.['x-api-key']).toBeUndefined();
  });

  it('takes several bearers, each with its own origins', async () => {
    const { a, a2, b } = lab.origins;
    const other = `${secret}-other`;
    const argv = ['--bearer', secret, '--for', a, '--for', a2, '--bearer', other, '--for', b];
    await shell(['trace', redirectTo(a, redirectTo(a2, `${b}/headers`)), ...argv]);
    expect(lab.log.slice(-3).map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${secret}`,
      `Bearer ${secret}`,
      `Bearer ${other}`,
    ]);
  });

  it('takes a bearer from the environment, out of the process list', async () => {
    await shell(['trace', `${lab.origins.a}/headers`, '--bearer-env', 'TOKEN'], { TOKEN: secret });
    expect(lastArrived()?.authorization).toBe(`Bearer ${secret}`);
  });

  it('takes cookies from --jar and keeps what answers set, and writes --har without a value', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-trace-'));
    const [jar, har] = [join(folder, 'jar.json'), join(folder, 'trace.har')];
    const { a } = lab.origins;
    const planted = 'pl4nted-value';
    await shell(['trace', `${a}/set-cookie?id=${planted}`, '--jar', jar]);
    const { code, stdout } = await shell(['trace', `${a}/cookies`, '--jar', jar, '--har', har]);
    expect(code).toBe(0);
    expect(stdout).toContain('id');
    expect(lastArrived()?.cookie).toBe(`id=${planted}`);
    expect(statSync(jar).mode & 0o777).toBe(0o600);
    const text = readFileSync(har, 'utf8');
    expect(stdout + text).not.toContain(planted);
    expect(JSON.parse(text).log.entries).toHaveLength(1);

    const nowhere = await shell(['trace', `${a}/headers`, '--har', join(folder, 'missing', 'x.har')]);
    expect(nowhere).toMatchObject({ code: 1, stderr: 'The file of --har cannot be written (ENOENT).\n' });
    writeFileSync(jar, secret);
    const broken = await shell(['trace', `${a}/headers`, '--jar', jar]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('is no jar that hallpass saved');
    rmSync(folder, { recursive: true });
  });

  it('S16 allows exactly as many redirects as --max says, and tells the hops of a call that failed', async () => {
    const { a } = lab.origins;
    expect((await shell(['trace', `${a}/chain?n=3`, '--max', '3'])).code).toBe(0);
    const failed = await shell(['trace', `${a}/chain?n=4`, '--max', '3', '--bearer', secret]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('/chain?n=1');
    expect(failed.stderr).toMatch(/redirect/);
    const asData = JSON.parse((await shell(['trace', `${a}/chain?n=1`, '--max', '0', '--json'])).stdout);
    expect(asData).toMatchObject({ hops: [{ status: 302 }], error: { code: 'too-many-redirects' } });
  });

  it('is 1 where nothing answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const { code, stderr } = await shell(['trace', `http://127.0.0.1:${port}/`, '--bearer', secret]);
    expect(code).toBe(1);
    expect(stderr).not.toBe('');
  });

  it.each<[string, string[]]>([
    ['no URL', []],
    ['two URLs', ['http://127.0.0.1/', secret]],
    ['a relative URL', [`/${secret}`]],
    ['a URL of another scheme', [`ftp://${secret}@127.0.0.1/`]],
    ['a bearer without its token', ['http://127.0.0.1/', '--bearer']],
    ['--for before any bearer', ['http://127.0.0.1/', '--for', 'http://127.0.0.1', '--bearer', secret]],
    ['the token in the place of the origin', ['http://127.0.0.1/', '--bearer', 'x', '--for', secret]],
    ['an origin with a path', ['http://127.0.0.1/', '--bearer', secret, '--for', 'http://a.test/x']],
    ['a variable that is not set', ['http://127.0.0.1/', '--bearer-env', secret]],
    ['a header without a colon', ['http://127.0.0.1/', '-H', secret]],
    ['a header without a name', ['http://127.0.0.1/', '-H', `: ${secret}`]],
    ['a header that no header can be', ['http://127.0.0.1/', '-H', `X y: ${secret}`]],
    ['a header that only the transport may write', ['http://127.0.0.1/', '-H', `Host: ${secret}`]],
    ['a token that no header can carry', ['http://127.0.0.1/', '--bearer', `${secret}\n${secret}`]],
    ['an unknown option', ['http://127.0.0.1/', `--bearer${secret}`]],
    ['a maximum that is no number', ['http://127.0.0.1/', '--max', secret]],
    ['a negative maximum', ['http://127.0.0.1/', '--max=-1']],
    ['a flag with a value', ['http://127.0.0.1/', `--json=${secret}`]],
  ])('refuses %s with one sentence and 2, and repeats no secret', async (_, argv) => {
    const { code, stdout, stderr } = await shell(['trace', ...argv]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^\S[^\n]*[.)]\n\nhallpass trace URL/);
  });
});

describe('hallpass lab', () => {
  it.each([
    [['--port-base', '0']],
    [['--port-base=70000']],
    [['--port-base', 'x']],
    [['extra']],
    [['--nope']],
  ])('refuses %j', async (argv) => {
    const { code, stderr } = await shell(['lab', ...argv]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\S[^\n]*[.]\n\nhallpass lab/);
  });

  it('says in one sentence that a port is taken', async () => {
    const portBase = new URL(lab.origins.a).port;
    const { code, stdout, stderr } = await shell(['lab', '--port-base', portBase]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^The lab did not start: .*address already in use.*\n$/);
  });
});

describe('the program', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));

  function start(...argv: string[]) {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    const code = once(child, 'close').then(([status]) => status as number | null);
    return { child, said, code };
  }

  it('serves the lab until it is told to stop, and traces over it', async () => {
    const serving = start('lab', '--json');
    await once(serving.child.stdout, 'data');
    const { origins, ca } = JSON.parse(serving.said.stdout);
    expect(ca).toContain('BEGIN CERTIFICATE');
    const url = redirectTo(origins.a, `${origins.localhost}/headers`);
    const tracing = start('trace', url, '--bearer', secret);
    expect(await tracing.code).toBe(0);
    expect(tracing.said.stdout).toContain('withheld');
    serving.child.kill('SIGINT');
    expect(await serving.code).toBe(0);
    expect(serving.said.stderr).toBe('');
  });

  it('ends with 2 for a wrong command line, and at once when interrupted', async () => {
    const wrong = start('nonsense');
    expect(await wrong.code).toBe(2);
    const hanging = start('trace', `${lab.origins.b}/hang?s=60`);
    while (!lab.log.some(({ path }) => path === '/hang?s=60'))
      await new Promise((next) => setTimeout(next, 10));
    hanging.child.kill('SIGINT');
    expect(await hanging.code).toBe(1);
  });
});
