import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../tools/test/run-command.ts';
import { useServers } from '../../tools/test/serve.ts';

const secret = 'S3CRET-value';
const form = 'application/x-www-form-urlencoded';
const serve = useServers();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-request-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Arrived {
  readonly method: string;
  readonly body: string;
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

let arrived: Arrived[];
let url: string;
beforeEach(async () => {
  arrived = [];
  const origin = await serve(async (request, response) => {
    const { method = '', headers } = request;
    arrived.push({ method, headers, body: await text(request), type: headers['content-type'] });
    response.setHeader('set-cookie', `sid=${secret}; Path=/`);
    if (request.url === '/login') response.writeHead(303, { location: '/home' });
    response.end();
  });
  url = `${origin}/login`;
});

const shell = (argv: string[], io: Parameters<typeof runCommand>[1] = {}) =>
  runCommand(argv, { ...io, secret });

function file(content: string): string {
  const path = join(mkdtempSync(join(folder, 'file-')), 'content');
  writeFileSync(path, content);
  return path;
}

describe.each(['trace', 'lint'])('hallpass %s sends', (command) => {
  it('GET, and POST with a body, followed as browsers do', async () => {
    expect(await shell([command, url, '-d', 'user=ada', '-d', `password=${secret}`])).toMatchObject({
      stderr: '',
    });
    expect(arrived).toMatchObject([
      { method: 'POST', body: `user=ada&password=${secret}`, type: form },
      { method: 'GET', body: '', headers: { cookie: `sid=${secret}` } },
    ]);
  });

  it.each<[string, string[], Partial<Arrived>]>([
    ['any method', ['-X', 'PROPFIND'], { method: 'PROPFIND', body: '' }],
    ['HEAD', ['--method', 'HEAD'], { method: 'HEAD' }],
    ['any method with a body', ['-X', 'PUT', '-d', 'x'], { method: 'PUT', body: 'x', type: form }],
    ['JSON', ['--data-json', '{"a":1}'], { method: 'POST', body: '{"a":1}', type: 'application/json' }],
    [
      'a body of any type',
      ['--data=-1', '-H', 'Content-Type: text/plain'],
      { method: 'POST', body: '-1', type: 'text/plain' },
    ],
    ['headers', ['-H', 'X-One: 1', '--header', 'X-One:2:3'], { headers: { 'x-one': '1, 2:3' } }],
  ])('%s', async (_, argv, expected) => {
    await shell([command, url, ...argv]);
    expect(arrived[0]).toMatchObject(expected);
  });

  it('secrets from the environment, out of the process list', async () => {
    const env = { TOKEN: secret, LINE: `X-Api-Key: ${secret}`, FORM: `password=${secret}` };
    const argv = ['--bearer-env', 'TOKEN', '--header-env', 'LINE', '--data-env', 'FORM'];
    await shell([command, url, ...argv], { env });
    expect(arrived[0]).toMatchObject({
      body: `password=${secret}`,
      headers: { authorization: `Bearer ${secret}`, 'x-api-key': secret },
    });
  });

  it('secrets from files and from a pipe', async () => {
    const argv = [
      ['--bearer-file', file(`${secret}\n`)],
      ['--header-file', file(`X-Api-Key: ${secret}\r\n\r\nX-Two: 2\n`)],
      ['--data-file', file(`\u0000é ${secret}\n`)],
    ];
    await shell([command, url, ...argv.flat()]);
    expect(arrived[0]).toMatchObject({
      body: `\u0000é ${secret}\n`,
      headers: { authorization: `Bearer ${secret}`, 'x-api-key': secret, 'x-two': '2' },
    });
    await shell([command, url, '--data-file', '-'], { piped: `piped=${secret}` });
    expect(arrived.at(-2)).toMatchObject({ method: 'POST', body: `piped=${secret}` });
  });

  it('through a proxy', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await serve((request, response) => {
      asked.push(request.url, request.headers['proxy-authorization']);
      response.end();
    });
    const through = proxy.replace('//', '//user:pass@');
    expect(await shell([command, 'http://nowhere.invalid/', '--proxy', through])).toMatchObject({ code: 0 });
    expect(asked).toEqual(['http://nowhere.invalid/', `Basic ${btoa('user:pass')}`]);
  });

  it('names the file and the variable that are not there', async () => {
    const absent = join(folder, 'absent');
    expect((await shell([command, url, '--data-file', absent])).stderr).toContain(
      `${absent} cannot be read (ENOENT)`,
    );
    expect((await shell([command, url, '--bearer-env', 'NOT_SET'])).stderr).toContain(
      'NOT_SET is empty or not set',
    );
    const empty = join(folder, 'empty');
    writeFileSync(empty, ' \n');
    const headers = join(folder, 'headers');
    writeFileSync(headers, 'X-One: 1\n\nbad name: x\n');
    for (const [argv, offender] of [
      [['--bearer', ''], '--bearer is empty'],
      [['--bearer-file', empty], '--bearer-file: the file is empty'],
      [['--bearer', 'x', '--bearer', 'a\nb'], '--bearer is no token'],
      [['-H', 'X: 1', '-H', 'bad name: x'], '--header, the 2nd: '],
      [['--header-file', headers], `--header-file: ${headers}, line 3: `],
      [['-X', 'GE T'], '--method is no HTTP method'],
    ] as const) {
      const { code, stderr } = await shell([command, url, ...argv]);
      expect([code, stderr], offender).toEqual([2, expect.stringContaining(`\nhallpass: ${offender}`)]);
    }
    expect((await shell(['-v'])).stderr).toContain('There is no command -v.');
    expect((await shell([command, url, '--bearr', 'x'])).stderr).toContain('--bearr is unknown here');
    expect((await shell([command, url, '--max-redirects', 'x'])).stderr).toContain(
      '--max-redirects takes a whole number',
    );
    expect(arrived).toEqual([]);
  });
});

describe('hallpass lint', () => {
  it('reads the cookies of a sign-in', async () => {
    const { cookies } = JSON.parse((await shell(['lint', url, '-d', 'user=ada', '--json'])).stdout);
    expect(cookies.map(({ from }: { from: string }) => new URL(from).pathname)).toEqual(['/login', '/home']);
  });
});
