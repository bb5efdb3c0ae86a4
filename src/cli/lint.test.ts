import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../tools/test/run-command.ts';
import { useServers } from '../../tools/test/serve.ts';
import { type Lab, startLab } from '../testing/lab/index.ts';

const secret = 'S3CRET-cookie-value';
const good = `session=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax`;

const serve = useServers();
let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await startLab();
  folder = mkdtempSync(join(tmpdir(), 'hallpass-lint-'));
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

async function lint(...argv: string[]) {
  const printed = await runCommand(['lint', ...argv], { secret });
  // Without the folds.
  return { ...printed, text: printed.stdout.replaceAll(/\n {4,}/g, ' ') };
}

function harFile(entries: unknown): string {
  const file = join(folder, 'saved.har');
  writeFileSync(file, JSON.stringify({ log: { version: '1.2', entries } }));
  return file;
}

const plantedBy = (origin: string, line: string, next = '') => {
  const [name = '', value = ''] = line.split(/=(.*)/s);
  return `${origin}/set-cookie?${new URLSearchParams({ [name]: value, ...(next && { url: next }) })}`;
};

describe('hallpass lint', () => {
  it('ends with the code to ask for, the worst one first, where something was found', async () => {
    const last = async (line: string) =>
      (await lint('--header', `Set-Cookie: ${line}`)).stdout.trimEnd().split('\n').at(-1);
    expect(await last('a=1; SameSite=None; Path=x')).toBe('hallpass why none-without-secure tells more.');
    expect(await last(`__Host-${good}`)).toMatch(/^cookies: 1, errors: 0/);
  });

  it('reads the octets of an answer as text, and prints nothing that turns a line round', async () => {
    const server = await serve((_, response) => {
      const octets = (text: string) => Buffer.from(text).toString('latin1');
      response.setHeader('set-cookie', [octets('sünde=1; Path=/ä'), octets('a\u202eb=1')]).end();
    });
    for (const argv of [[], ['--engine', 'firefox']]) {
      const { text } = await lint(server, ...argv);
      expect(text).toMatch(/^sünde {2}from/);
      expect(text).toContain('/ä');
      expect(text).toContain('sünde is for /ä');
      expect(text).not.toMatch(/Ã|\u202e/);
      const json = (await lint(server, '--json', ...argv)).stdout;
      expect(json).not.toMatch(/Ã|\u202e/);
      expect(JSON.parse(json).cookies[1].name).toBe('a\u202eb');
    }
  });

  it('is 0 for a cookie that is as it should be, and tells every journey', async () => {
    const { code, text, stdout, stderr } = await lint('--header', `Set-Cookie: __Host-${good}`);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(text).toMatch(/^__Host-session\n.*\n {2}sent +first visit/);
    expect(text).toContain('not sent    a form of another site (POST): __Host-session is SameSite=Lax');
    expect(stdout).toContain('errors: 0, warnings: 0, notes: 0');
  });

  it('is 1 for findings, each with its code, its fix and its source', async () => {
    const { code, text } = await lint('--header', `set-cookie: theme=${secret}; SameSite=None`);
    expect(code).toBe(1);
    expect(text).toMatch(/error +theme has SameSite=None without Secure.*\(none-without-secure, draft-/);
  });

  it('judges by the rules of a browser where one is named', async () => {
    const line = ['--header', `Set-Cookie: __Host-a=${secret}; Path=/; SameSite=None`];
    expect((await lint(...line)).text).toContain('(prefix-host, ');
    const { text } = await lint(...line, '--engine', 'webkit');
    expect(text).toContain('(prefix-not-enforced, ');
    expect(text).toContain(' (by the rules of WebKitGTK)');
    const { stdout } = await lint(...line, '--engine', 'firefox', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'firefox', cookies: [{ name: '__Host-a' }] });
    expect(await lint(...line, '--engine', 'safari')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--engine takes chromium, firefox, webkit.'),
    });
  });

  it('is 0 where there are notes only', async () => {
    const line = `Set-Cookie: a=${secret}; Path=/; Secure; SameSite=Lax; Domain=example.com`;
    const { code, stdout } = await lint('--header', line, '--from', 'https://app.example.com/');
    expect(code).toBe(0);
    expect(stdout).toMatch(/note +Domain widens a from app\.example\.com/);
  });

  it('S141 lists name, value (masked), domain, path, expires, HttpOnly, Secure and SameSite', async () => {
    const line = `Set-Cookie: id=${secret}; Max-Age=3600; Secure; Domain=.example.com; HttpOnly`;
    const url = 'https://app.example.com/account/login';
    const { text } = await lint('--header', line, '--from', url);
    expect(text).toMatch(
      /^id .*\n {2}value •••, domain example\.com and below, path \/account, expires 20\S+Z, HttpOnly yes, Secure yes, SameSite unsaid\n/,
    );
    const { cookie } = JSON.parse((await lint('--header', line, '--from', url, '--json')).stdout).cookies[0];
    expect(cookie).toEqual({
      name: 'id',
      value: '•••',
      domain: 'example.com',
      hostOnly: false,
      path: '/account',
      expires: expect.any(Number),
      httpOnly: true,
      secure: true,
      sameSite: null,
    });
  });

  it('judges a domain by the Public Suffix List', async () => {
    const line = `Set-Cookie: a=${secret}; Path=/; Secure; SameSite=Lax; Domain=github.io`;
    const { code, stdout } = await lint('--header', line, '--from', 'https://me.github.io/', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).cookies[0]).toMatchObject({
      name: 'a',
      from: 'https://me.github.io/',
      findings: [{ code: 'domain-public-suffix', level: 'error' }],
    });
  });

  it('reads the cookies of every answer of a chain', async () => {
    const { a, b } = lab.origins;
    const url = plantedBy(
      a,
      `first=${secret}; Path=/`,
      plantedBy(b, `second=${secret}; Path=/; SameSite=Lax`),
    );
    const { code, stdout } = await lint(url, '--json');
    const { cookies } = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(cookies).toMatchObject([
      { name: 'first', from: `${a}/set-cookie`, journeys: { length: 10 } },
      { name: 'second', from: `${b}/set-cookie` },
    ]);
    expect(cookies[0].findings.map((one: { code: string }) => one.code)).toEqual([
      'same-site-unsaid',
      'response-cacheable',
    ]);
  });

  it('says that no cookie came', async () => {
    expect(await lint(`${lab.origins.a}/headers`)).toMatchObject({ code: 0, stdout: 'No cookie was set.\n' });
  });

  it('is 1 where the chain does not end, and tells what it saw', async () => {
    const { a } = lab.origins;
    const { code, stdout, stderr } = await lint(plantedBy(a, `seen=${secret}; Path=/`, `${a}/loop`));
    expect(code).toBe(1);
    expect(stdout).toContain('seen  from');
    expect(stderr).toMatch(/redirect/i);
  });

  it('reads a HAR file, several lines in one header too', async () => {
    const file = harFile([
      {
        startedDateTime: '2026-11-21T00:00:00Z',
        request: { url: `https://app.example.com/login?token=${secret}` },
        response: {
          headers: [
            { name: 'Cache-Control', value: 'no-store' },
            { name: 'Set-Cookie', value: `__Host-${good}\nlong=${secret}; Path=/; Secure; SameSite=Lax` },
            { name: 'set-cookie', value: `bad=\x01${secret}` },
            null,
            { name: 'X-Null', value: null },
          ],
        },
      },
      { request: { url: 'https://app.example.com/' }, response: {} },
      null,
    ]);
    const { code, stdout } = await lint('--har', file, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).cookies).toMatchObject([
      { name: '__Host-session', from: 'https://app.example.com/login', findings: [] },
      { name: 'long', findings: [] },
      { findings: [{ code: 'cookie-control-character' }], journeys: [] },
    ]);
  });

  it('gives no cookie name to the terminal as a command', async () => {
    const { stdout } = await lint('--header', 'Set-Cookie: a\u009b2Jb=v; Path=/');
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it.each<[string, string[]]>([
    ['nothing to lint', []],
    ['two URLs', ['https://a.test/', `https://${secret}.test/`]],
    ['a URL and a header', ['https://a.test/', '--header', `Set-Cookie: ${good}`]],
    ['a URL of another scheme', [`file:///${secret}`]],
    ['a header that is not Set-Cookie', ['--header', `Cookie: ${secret}`]],
    ['a line without its header', ['--header', good]],
    ['--from without --header', ['https://a.test/', '--from', 'https://a.test/']],
    ['--from that is no URL', ['--header', `Set-Cookie: ${good}`, '--from', secret]],
    ['a file that is not there', ['--har', '/no/such/file']],
    ['an option of a request without a URL', ['--har', 'a.har', '--bearer', secret]],
    ['an unknown option', ['--heaven']],
  ])('refuses %s with one sentence and 2, and repeats no secret', async (_, argv) => {
    const { code, stdout, stderr } = await lint(...argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass lint --help tells more\.\nhallpass: [^\n]{1,70}\.\n$/);
  });

  it.each([['no JSON'], ['{}'], ['{"log":{"entries":{}}}'], ['null']])(
    'refuses %s as a HAR file',
    async (text) => {
      const file = join(folder, 'broken.har');
      writeFileSync(file, `${text}`);
      expect(await lint('--har', file)).toMatchObject({ code: 2 });
    },
  );
});
