import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { runCommand } from '../../tools/test/run-command.ts';

const scriptFor = (...argv: string[]) => runCommand(['completion', ...argv]);

/** What bash offers after these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout: script } = await scriptFor('bash');
  const asked = `${script}
COMP_WORDS=(hallpass ${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length}
_hallpass
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', asked], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

it('completes commands, actions and options in bash', async () => {
  expect(await offered('')).toEqual(
    expect.arrayContaining(['trace', 'lint', 'completion', 'help', '--version']),
  );
  expect(await offered('se')).toEqual(['sessions']);
  expect(await offered('jar', 's')).toEqual(['show']);
  expect(await offered('trace', 'http://a.test/', '--bea')).toEqual([
    '--bearer',
    '--bearer-env',
    '--bearer-file',
  ]);
  expect(await offered('why', 'scope-other-')).toEqual([
    'scope-other-host',
    'scope-other-port',
    'scope-other-scheme',
    'scope-other-path',
    'scope-other-method',
  ]);
  expect(await offered('help', 'k')).toEqual(['keys']);
  expect(await offered('nonsense', '')).toEqual([]);
});

it.each(['zsh', 'fish'])('says the same to %s', async (shell) => {
  const { code, stdout } = await scriptFor(shell);
  expect(code).toBe(0);
  for (const word of ['trace', 'sessions', 'revoke', 'secure-on-loopback', 'completion'])
    expect(stdout).toContain(word);
});

it.each([[[]], [['powershell']], [['bash', 'zsh']]])('refuses %j', async (argv) => {
  expect(await scriptFor(...argv)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'hallpass completion --help tells more.\nhallpass: completion takes bash, zsh or fish.\n',
  });
});
