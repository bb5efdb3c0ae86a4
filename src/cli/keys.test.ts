import { describe, expect, it } from 'vitest';
import { runCommand } from '../../tools/test/run-command.ts';
import { generateKey, keyRing } from '../seal/index.ts';

const keys = (argv: string[], io?: Parameters<typeof runCommand>[1]) => runCommand(['keys', ...argv], io);

const [first, second] = [generateKey(), generateKey()];
const made = expect.stringMatching(/^hpk_[\w-]{43}$/);

describe('hallpass keys new', () => {
  it('S105 prints one key, fit for HALLPASS_KEYS, and another one each time', async () => {
    const { code, stdout, stderr } = await keys(['new']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.trim()).toEqual(made);
    expect(() => keyRing(stdout)).not.toThrow();
    expect((await keys(['new'])).stdout).not.toBe(stdout);
  });

  it('gives it as data with --json', async () => {
    expect(JSON.parse((await keys(['new', '--json'])).stdout)).toEqual({ key: made });
  });
});

describe('hallpass keys rotate', () => {
  it('S105 puts a new key in front of the list in HALLPASS_KEYS', async () => {
    const { code, stdout, stderr } = await keys(['rotate'], { env: { HALLPASS_KEYS: `${first},${second}` } });
    expect(code).toBe(0);
    expect(stdout.trim().split(',')).toEqual([made, first, second]);
    expect(stderr).toBe('In this order: active, old, old.\n');
  });

  it('reads the list from standard input where the variable is not set, or from another variable', async () => {
    expect((await keys(['rotate'], { piped: `${first}\n` })).stdout.trim().split(',')).toEqual([made, first]);
    const named = await keys(['rotate', '--env', 'KEYS'], { env: { KEYS: second, HALLPASS_KEYS: first } });
    expect(named.stdout.trim().split(',')).toEqual([made, second]);
  });

  it('in two steps: --next opens and does not seal, --promote seals', async () => {
    const next = await keys(['rotate', '--next', '--json'], { env: { HALLPASS_KEYS: `${first},${second}` } });
    const staged = JSON.parse(next.stdout);
    expect(staged).toMatchObject({ states: ['active', 'old', 'next'], dropped: 0 });
    expect(staged.keys.split(',')).toEqual([first, second, made]);

    const promoted = await keys(['rotate', '--promote', '--json'], { env: { HALLPASS_KEYS: staged.keys } });
    const { keys: list, states } = JSON.parse(promoted.stdout);
    expect(list.split(',')).toEqual([staged.keys.split(',')[2], first, second]);
    expect(states).toEqual(['active', 'old', 'old']);
  });

  it('drops the oldest beyond --keep', async () => {
    const env = { HALLPASS_KEYS: `${first},${second}` };
    const { stdout, stderr } = await keys(['rotate', '--keep', '1'], { env });
    expect(stdout.trim().split(',')).toEqual([made, first]);
    expect(stderr).toBe('In this order: active, old. Dropped: 1.\n');
  });
});

describe('a command line of keys that makes no sense', () => {
  it.each<[string, string[], string?]>([
    ['no action', []],
    ['an unknown action', ['revoke']],
    ['a key as an argument', ['rotate', first]],
    ['--keep of new', ['new', '--keep', '1']],
    ['both steps at once', ['rotate', '--next', '--promote']],
    ['--keep that is no number', ['rotate', '--keep', 'all']],
    ['--keep that drops the key that --next makes', ['rotate', '--next', '--keep', '0']],
    ['an unknown option', ['rotate', `--${first}`]],
    ['no list at a keyboard', ['rotate', '--env', 'NOT_SET']],
    ['a weak list', ['rotate'], 'hunter2'],
    ['a list with one weak key', ['rotate'], `${first},password`],
    ['an empty list', ['rotate'], ''],
    ['one key to promote', ['rotate', '--promote'], second],
  ])('%s: one sentence and 2, without a key', async (_, argv, list) => {
    const env = { HALLPASS_KEYS: list ?? first };
    const { code, stdout, stderr } = await keys(argv, { env });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^hallpass keys --help tells more\.\nhallpass: [^\n]+\.\n$/);
    for (const secret of [first, second, 'hunter2']) expect(stderr).not.toContain(secret);
  });
});
