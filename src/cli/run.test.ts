import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { useLab } from '../../tools/test/lab.ts';
import { runCommand } from '../../tools/test/run-command.ts';

const secret = 'S3CRET-token-value';

const lab = useLab();

const shell = (argv: string[], env: Record<string, string> = {}) => runCommand(argv, { env, secret });

describe('hallpass', () => {
  it.each([
    [['--help']],
    [['-h']],
    [['trace', '--help']],
    [['trace', '-h']],
    [['lab', '--help']],
    [['lint', '--help']],
    [['why', '--help']],
    [['race', '--help']],
    [['jar', '--help']],
    [['keys', '--help']],
    [['sessions', '--help']],
    [['completion', '--help']],
    [['help']],
    [['help', 'trace']],
  ])('helps: %j', async (argv) => {
    const { code, stdout, stderr } = await shell(argv);
    expect(code).toBe(0);
    expect(stdout).toContain('hallpass');
    expect(stderr).toBe('');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names every option in the help of its command', async () => {
    const scripts = await shell(['completion', 'bash']);
    for (const [, name = '', words = ''] of scripts.stdout.matchAll(/^ {4}(\w+)\) words='([^']*)'/gm)) {
      const { stdout } = await shell(['help', name]);
      const options = words.split(' ').filter((word) => word.startsWith('--') && word !== '--help');
      for (const option of options) expect(stdout).toMatch(new RegExp(`${option}\\b`));
    }
  });

  it.each([['--version'], ['-V'], ['version']])('says its version: %s', async (argument) => {
    const { code, stdout } = await shell([argument]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^hallpass \d+\.\d+\.\d+\S*\n$/);
  });

  it('lists every command', async () => {
    const { stdout } = await shell(['--help']);
    const names = [...stdout.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(names).toEqual([
      'trace',
      'lint',
      'doctor',
      'why',
      'race',
      'jar',
      'keys',
      'sessions',
      'lab',
      'completion',
      'help',
    ]);
  });

  it.each([[[]], [['no-such-command']], [[secret]], [['constructor']], [['--json']]])(
    'answers %j with 2 and one sentence, which is the last line',
    async (argv) => {
      const { code, stdout, stderr } = await shell(argv);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(
        /^hallpass --help tells more\.\nhallpass: (Which command\?|There is no (such )?command[^\n]*\.)\n$/,
      );
    },
  );
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
    expect(stderr).toMatch(/^hallpass lab --help tells more\.\nhallpass: [^\n]+\.\n$/);
  });

  it('says in one sentence that a port is taken', async () => {
    const portBase = new URL(lab.origins.a).port;
    const { code, stdout, stderr } = await shell(['lab', '--port-base', portBase]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass: The lab did not start: .*address already in use.*\n$/);
  });
});

describe('the program', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));

  function start(...argv: string[]) {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const code = once(child, 'close').then(([status]) => status as number | null);
    return { child, output, code };
  }

  it('serves the lab until it is told to stop, and traces over it', async () => {
    const serving = start('lab', '--json');
    await once(serving.child.stdout, 'data');
    const { origins, ca } = JSON.parse(serving.output.stdout);
    expect(ca).toContain('BEGIN CERTIFICATE');
    const target = encodeURIComponent(`${origins.localhost}/headers`);
    const url = `${origins.a}/redirect-to?url=${target}`;
    const tracing = start('trace', url, '--bearer', secret);
    expect(await tracing.code).toBe(0);
    expect(tracing.output.stdout).toContain('withheld');
    serving.child.kill('SIGINT');
    expect(await serving.code).toBe(0);
    expect(serving.output.stderr).toBe('');
  });

  it('is quiet when its reader has seen enough', async () => {
    const { a } = lab.origins;
    const pipe = `"$0" "$1" trace "$2" 2>&1 | head -1; "$0" "$1" help | head -1; echo "codes \${PIPESTATUS[*]}"`;
    const shell = spawn('bash', ['-c', pipe, process.execPath, main, `${a}/chain?n=3`]);
    let output = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(shell, 'close');
    expect(output).toMatch(/^ 1 {2}GET [^\n]*\n(hallpass [^\n]*)\ncodes 0 0\n$/);
  });

  it('is quiet when its reader has gone before anything was printed', async () => {
    const child = spawn(process.execPath, [main, 'help']);
    child.stdout.destroy();
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    expect([...(await once(child, 'close')), complaint]).toEqual([0, null, '']);
  });

  it.skipIf(process.platform !== 'linux')('says in one line that its output cannot be written', async () => {
    const full = '"$0" "$1" why > /dev/full; echo "code $?"; "$0" "$1" nonsense 2> /dev/full; echo "code $?"';
    const shell = spawn('bash', ['-c', full, process.execPath, main]);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      shell[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
    await once(shell, 'close');
    expect(output).toEqual({
      stdout: 'code 1\ncode 2\n',
      stderr: 'hallpass: What was printed cannot be written (ENOSPC).\n',
    });
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
