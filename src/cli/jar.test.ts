import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CookieJar as ToughJar } from 'tough-cookie';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../tools/test/run-command.ts';
import { openJar } from '../jar/file/index.ts';
import { CookieJar } from '../jar/index.ts';

const secret = 'hp-secret-cookie';
let folder: string;
let saved: string;
let netscape: string;
const fresh = () => join(mkdtempSync(join(folder, 'new-')), 'file');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-cli-jar-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  const jar = new CookieJar();
  jar.set(`__Host-session=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict`, 'https://shop.example.com/');
  jar.set('theme=dark; Path=/; Domain=example.com; Max-Age=86400', 'https://shop.example.com/');
  saved = fresh();
  writeFileSync(saved, JSON.stringify(jar.export()));
  netscape = fresh();
  const far = Math.floor(Date.now() / 1_000) + 86_400;
  writeFileSync(
    netscape,
    [
      '# Netscape HTTP Cookie File',
      `#HttpOnly_shop.example.com\tFALSE\t/\tTRUE\t0\tsession\t${secret}`,
      `.example.com\tTRUE\t/\tFALSE\t${far}\ttheme\tdark`,
      '',
    ].join('\n'),
  );
});

async function jar(argv: string[], piped?: string) {
  const printed = await runCommand(['jar', ...argv], { piped });
  expect(printed.stderr).not.toContain(secret);
  return printed;
}

/** Without the folds. */
const whole = (text: string) => text.replaceAll(/\n {4,}/g, ' ');

describe('hallpass jar show', () => {
  it('S141 lists name, value (masked), domain, path, expires, HttpOnly, Secure and SameSite', async () => {
    const { code, stdout } = await jar(['show', saved]);
    expect(code).toBe(0);
    expect(stdout).not.toContain(secret);
    expect(whole(stdout)).toContain(
      '__Host-session\n  value •••, domain shop.example.com only, path /, expires with the browser, HttpOnly yes, Secure yes, SameSite strict\n',
    );
    expect(whole(stdout)).toMatch(
      /theme\n {2}value •••, domain example\.com and below, path \/, expires 2\d{3}-\S+Z, /,
    );
  });

  it('S141 says the same as data', async () => {
    const { stdout } = await jar(['show', netscape, '--json']);
    expect(stdout).not.toContain(secret);
    expect(JSON.parse(stdout).cookies).toMatchObject([
      {
        name: 'session',
        value: '•••',
        hostOnly: true,
        expires: null,
        httpOnly: true,
        secure: true,
        sameSite: null,
      },
      { name: 'theme', value: '•••', domain: 'example.com', hostOnly: false, expires: expect.any(Number) },
    ]);
  });

  it('shows values when told to, and reads standard input', async () => {
    const { stdout } = await jar(['show', '-', '--show-values'], readFileSync(netscape, 'utf8'));
    expect(stdout).toContain(`value ${secret}`);
  });
});

describe('hallpass jar import', () => {
  it('takes the cookies of a cookies.txt into a jar, beside what it has', async () => {
    const target = fresh();
    {
      await using before = await openJar(target);
      before.set('own=1', 'https://other.example.org/');
    }
    const { code, stdout } = await jar(['import', target, netscape]);
    expect(stdout).toBe('imported: 2, refused: 0\n');
    expect(code).toBe(0);
    const after = await openJar(target);
    expect(after.header('https://shop.example.com/')).toBe(`session=${secret}; theme=dark`);
    expect(after.get('session')).toMatchObject({ httpOnly: true, secure: true, hostOnly: true });
    expect(after.size).toBe(3);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('takes a saved jar too, with everything that it says', async () => {
    const target = fresh();
    await jar(['import', target, saved]);
    expect((await openJar(target)).get('__Host-session')).toMatchObject({
      sameSite: 'strict',
      value: secret,
    });
  });

  it('says in one sentence that the jar cannot be written', async () => {
    const { code, stderr } = await jar(['import', join(folder, 'missing', 'jar.json'), netscape]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]+cannot be used \(ENOENT\)[^\n]+\n$/);
  });

  it('names what is refused, and why, and is 1', async () => {
    const file = fresh();
    const lines = [
      '# Netscape HTTP Cookie File',
      `.co.uk\tTRUE\t/\tTRUE\t0\twide\t${secret}`,
      `a.test\tFALSE\t/\tTRUE\t1\tgone\t${secret}`,
      `a.test\tFALSE\t/\tFALSE\t0\t__Secure-x\t${secret}`,
      `a.test\tFALSE\t/\tTRUE\t0\tsplit\t${secret}; Domain=test`,
      `a.test\tFALSE\t/\tTRUE\t0\tgood\t${secret}`,
    ];
    writeFileSync(file, lines.join('\n'));
    const target = fresh();
    const { code, stdout } = await jar(['import', target, file, '--json']);
    expect(code).toBe(1);
    expect(stdout).not.toContain(secret);
    const { imported, refused } = JSON.parse(stdout);
    expect(imported).toBe(1);
    expect(refused.map(({ name }: { name: string }) => name)).toEqual([
      'wide',
      'gone',
      '__Secure-x',
      'split',
    ]);
  });

  it('tells of lines that it cannot read, with their numbers', async () => {
    const file = fresh();
    const far = Math.floor(Date.now() / 1_000) + 86_400;
    const lines = [
      `.a.test\tTRUE\t/\tFALSE\t${far}.608\tn\t${secret}`,
      `.a.test\tTRUE\t/\tFALSE\tsoon\tm\t${secret}`,
      'a.test TRUE / FALSE 0 spaces v',
    ];
    writeFileSync(file, lines.join('\n'));
    const { code, stdout } = await jar(['import', fresh(), file]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        'line 2 is not read: Its fifth field is no time in seconds.',
        'line 3 is not read: It has 1 field between tabs instead of seven.',
        'imported: 1, refused: 0, lines not read: 2',
        '',
      ].join('\n'),
    );
    expect((await jar(['show', file])).stdout).toContain('line 2 is not read');
  });

  it('takes jars of tough-cookie and Playwright, and octets as they are', async () => {
    const tough = new ToughJar();
    tough.setCookieSync(`id=${secret}; Secure`, 'https://shop.example.com/');
    const state = { name: 'state', value: secret, domain: '.example.com', path: '/', expires: -1 };
    const files = [
      JSON.stringify(tough.toJSON()),
      JSON.stringify({ cookies: [{ ...state, httpOnly: true, secure: true, sameSite: 'Lax' }], origins: [] }),
      Buffer.from('shop.example.com\tFALSE\t/\tTRUE\t0\tlatin\tZ\xfcrich\n', 'latin1'),
    ];
    const target = fresh();
    for (const content of files) {
      const file = fresh();
      writeFileSync(file, content);
      expect((await jar(['import', target, file])).stdout).toBe('imported: 1, refused: 0\n');
    }
    expect((await openJar(target)).header('https://shop.example.com/')).toBe(
      `id=${secret}; state=${secret}; latin=Z\xfcrich`,
    );
  });
});

describe('hallpass jar export', () => {
  it('masks values on the screen', async () => {
    for (const format of ['json', 'cookies.txt', 'tough-cookie', 'storage-state']) {
      const { code, stdout } = await jar(['export', saved, '--format', format]);
      expect(code).toBe(0);
      expect(stdout).toContain('__Host-session');
      expect(stdout).not.toContain(secret);
    }
  });

  it('writes values into a file of the owner, in either format, and over none that is there', async () => {
    for (const format of ['json', 'cookies.txt', 'tough-cookie', 'storage-state']) {
      const out = fresh();
      expect(await jar(['export', saved, '--format', format, '--out', out])).toMatchObject({
        code: 0,
        stdout: '',
      });
      expect(statSync(out).mode & 0o777).toBe(0o600);
      const target = fresh();
      await jar(['import', target, out]);
      expect((await openJar(target)).header('https://shop.example.com/')).toBe(
        `__Host-session=${secret}; theme=dark`,
      );
      expect(await jar(['export', saved, '--out', out])).toMatchObject({
        code: 1,
        stderr: `hallpass: --out: ${out} is there already: name another file.\n`,
      });
    }
  });

  it('shows values when told to', async () => {
    expect(JSON.parse((await jar(['export', saved, '--show-values'])).stdout).cookies[0].value).toBe(secret);
  });

  it('leaves out what the format cannot say, and tells it', async () => {
    const file = fresh();
    const text = JSON.parse(readFileSync(saved, 'utf8'));
    text.cookies[0].partition = 'https://example.org';
    writeFileSync(file, JSON.stringify(text));
    const { code, stdout, stderr } = await jar(['export', file, '--format', 'cookies.txt']);
    expect(code).toBe(1);
    expect(stdout).toContain('\ttheme\t');
    expect(stdout).not.toContain('__Host-session');
    expect(stderr.replaceAll(/\s+/g, ' ')).toBe(
      'left out __Host-session of shop.example.com: It is Partitioned, which cookies.txt cannot say. ',
    );
  });
});

describe('a command line of jar that makes no sense', () => {
  const broken = () => {
    const file = fresh();
    writeFileSync(file, `{"version":1,"cookies":[{"value":"${secret}"}]}`);
    return file;
  };
  const prose = () => {
    const file = fresh();
    writeFileSync(file, secret);
    return file;
  };
  it.each<[string, () => string[]]>([
    ['no action', () => []],
    ['an unknown action', () => [secret]],
    ['no file', () => ['show']],
    ['a file too many', () => ['show', saved, secret]],
    ['a file that is not there', () => ['show', '/no/such/file']],
    ['a file that is no jar', () => ['show', broken()]],
    ['a file of prose', () => ['show', prose()]],
    ['an import from nowhere', () => ['import', saved]],
    ['an unknown format', () => ['export', saved, '--format', 'har']],
    ['an unknown option', () => ['export', saved, `--${secret}`]],
    ['nothing piped in', () => ['show', '-']],
  ])('%s: one sentence and 2', async (_, argv) => {
    const { code, stdout, stderr } = await jar(argv());
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass jar --help tells more\.\nhallpass: [^\n]+\.\n$/);
  });
});
