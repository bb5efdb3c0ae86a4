import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useLab } from '../../tools/test/lab.ts';
import { runCommand } from '../../tools/test/run-command.ts';

const secret = 'S3CRET-token-value';

const lab = useLab();

const shell = (argv: string[], env: Record<string, string> = {}) => runCommand(argv, { env, secret });

const redirectTo = (from: string, to: string) => `${from}/redirect-to?url=${encodeURIComponent(to)}`;

/** What arrived at the last request of the lab. */
const lastArrived = () => lab.log.at(-1)?.headers;

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
    const [first = '', second = ''] = stdout.replaceAll(/\n {8,}/g, ' ').split(`GET ${b}/headers`);
    expect(first).toMatch(/authorization.* sent/);
    expect(second).toMatch(/authorization.* withheld: authorization is for http:.*scope-other-host/);
    expect(stdout).toMatch(/\nhallpass why scope-other-(host|port) tells more\.\n$/);
  });

  it('says of a 401 that nothing went along, and nothing where something did', async () => {
    const hint = 'No credential and no cookie went along';
    expect((await shell(['trace', `${lab.origins.a}/need`])).stdout).toContain(hint);
    expect((await shell(['trace', `${lab.origins.a}/need`, '--bearer', secret])).stdout).not.toContain(hint);
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
    expect(nowhere).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^hallpass: --har: \/\S+x\.har cannot be written \(ENOENT\)\.\n$/),
    });
    writeFileSync(jar, secret);
    const broken = await shell(['trace', `${a}/headers`, '--jar', jar]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('is no jar that hallpass saved');
    rmSync(folder, { recursive: true });
  });

  it('S16 allows exactly as many redirects as --max-redirects says, and tells the hops of a call that failed', async () => {
    const { a } = lab.origins;
    expect((await shell(['trace', `${a}/chain?n=3`, '--max-redirects', '3'])).code).toBe(0);
    const failed = await shell(['trace', `${a}/chain?n=4`, '--max-redirects', '3', '--bearer', secret]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('/chain?n=1');
    expect(failed.stderr).toMatch(/redirect/);
    const asData = JSON.parse(
      (await shell(['trace', `${a}/chain?n=1`, '--max-redirects', '0', '--json'])).stdout,
    );
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
    ['a word that is no host', [secret]],
    ['a method that is none', ['http://127.0.0.1/', '-X', secret.replace('-', ' ')]],
    ['a body of GET', ['http://127.0.0.1/', '-X', 'GET', '-d', secret]],
    ['two bodies', ['http://127.0.0.1/', '-d', secret, '--data-json', '{}']],
    ['JSON that is none', ['http://127.0.0.1/', '--data-json', secret]],
    ['a file for a body that is not there', ['http://127.0.0.1/', '--data-file', '/no/such/file']],
    ['a token in the place of its file', ['http://127.0.0.1/', '--bearer-file', secret]],
    ['a token in the place of its variable', ['http://127.0.0.1/', '--header-env', secret]],
    ['a proxy that is none', ['http://127.0.0.1/', '--proxy', `ftp://u:${secret}@proxy`]],
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
    ['a maximum that is no number', ['http://127.0.0.1/', '--max-redirects', secret]],
    ['a negative maximum', ['http://127.0.0.1/', '--max-redirects=-1']],
    ['a flag with a value', ['http://127.0.0.1/', `--json=${secret}`]],
  ])('refuses %s with one sentence and 2, and repeats no secret', async (_, argv) => {
    const { code, stdout, stderr } = await shell(['trace', ...argv]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass trace --help tells more\.\nhallpass: [^\n]+[.)]\n$/);
  });

  it('names the cookies that stayed in the jar, with where they may travel', async () => {
    const { a, b } = lab.origins;
    const url = `${a}/set-cookie?sid=1&theme=dark&url=${encodeURIComponent(`${b}/set-cookie?other=2`)}`;
    const { stdout } = await shell(['trace', url]);
    const host = new URL(b).hostname;
    expect(stdout).toContain(`\nin the jar  sid of 127.0.0.1, theme of 127.0.0.1, other of ${host}\n`);
    const { jar } = JSON.parse((await shell(['trace', url, '--json'])).stdout);
    expect(jar[0]).toEqual({ name: 'sid', domain: '127.0.0.1', hostOnly: true, path: '/' });
  });

  it('keeps Secure cookies of this machine with --secure-on-loopback', async () => {
    const url = `${lab.origins.a}/set-cookie?sid=1;%20Secure`;
    expect((await shell(['trace', url])).stdout).not.toContain('in the jar');
    expect((await shell(['trace', url, '--secure-on-loopback'])).stdout).toContain('in the jar  sid of');
  });

  it('takes URLs without a scheme', async () => {
    const { localhost, a } = lab.origins;
    for (const origin of [localhost, a]) {
      const { code, stdout } = await shell(['trace', `${origin.replace('http://', '')}/headers`]);
      expect(code).toBe(0);
      expect(stdout).toContain(`GET ${origin}/headers`);
    }
  });

  it('prints no line over 80 columns that could be folded, and nothing that a terminal takes as a command', async () => {
    const { a, b } = lab.origins;
    const { stdout } = await shell([
      'trace',
      redirectTo(a, `${b}/set-cookie?a%C2%9B2J=1`),
      '--bearer',
      secret,
    ]);
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    for (const line of stdout.split('\n')) if (line.length > 80) expect(line.trim()).not.toContain(' ');
  });
});
