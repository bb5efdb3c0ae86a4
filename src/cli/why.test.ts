import { describe, expect, it } from 'vitest';
import { explainedCodes } from '../why/index.ts';
import { run } from './run.ts';

async function why(...argv: string[]) {
  const output = { stdout: '', stderr: '' };
  const code = await run(['why', ...argv], {
    stdout: { write: (text) => (output.stdout += text) },
    stderr: { write: (text) => (output.stderr += text) },
    env: {},
  });
  return { code, ...output };
}

/** The codes that an output is about. */
const codesIn = ({ stdout }: { stdout: string }) =>
  stdout.split('\n').flatMap((line) => /^([a-z][a-z-]+)(?: \(\w+\))?$/.exec(line)?.[1] ?? []);

describe('hallpass why', () => {
  it('tells what happened, what to do, the source and a program that shows it', async () => {
    const { code, stdout, stderr } = await why('needs-https');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^needs-https\n {2}it says {8}\{name\} is Secure; this request goes over plain http\.\n/,
    );
    expect(stdout).toMatch(/\n {2}what happened {2}The cookie goes over https only/);
    expect(stdout).toMatch(/\n {2}what to do {5}Write https\./);
    expect(stdout).toContain('draft-ietf-httpbis-rfc6265bis-22 §5.8.3');
    expect(stdout).toContain("    import { CookieJar } from 'hallpass/jar';\n");
  });

  it('takes several codes, of reasons, findings and errors, each once', async () => {
    const result = await why('needs-https', 'csrf-refused', 'path-unsaid', 'needs-https');
    expect(codesIn(result)).toEqual(['needs-https', 'csrf-refused', 'path-unsaid']);
    expect(result.stdout).toContain('path-unsaid (note)\n');
  });

  it.each<[string, string[], string[]]>([
    [
      'a line of a trace',
      ['✗ authorization withheld: … [scope-other-host, RFC 9110 §15.4]'],
      ['scope-other-host'],
    ],
    ['an error', ["HallpassError: … { code: 'csrf-refused' }"], ['csrf-refused']],
    ['a line in pieces', ['[left-origin,', 'RFC', '9110', '§15.4]'], ['left-origin']],
    ['a code in capitals', ['SAME_SITE_LAX'], ['same-site-lax']],
    ['a code that is a word', ["{ code: 'timeout' }"], ['timeout']],
    ['a code beside such a word', ['after a timeout: session-gone.'], ['session-gone']],
    ['a sentence', ['sid is Secure; this\n  request goes over plain http.'], ['needs-https']],
    ['what lint and trace print at their end', ['hallpass why other-path tells more.'], ['other-path']],
  ])('finds the codes in %s', async (_, argv, codes) => {
    expect(codesIn(await why(...argv))).toEqual(codes);
  });

  it('lists all of them by what has gone wrong, in a line each', async () => {
    const { code, stdout } = await why();
    expect(code).toBe(0);
    for (const known of explainedCodes.keys())
      expect(stdout).toMatch(new RegExp(`^ {2}${known} {2,}\\S`, 'm'));
    expect(stdout).toContain('A visitor has no session\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('hallpass why CODE tells more.');
  });

  it('keeps to 80 columns, but for words that are longer', async () => {
    const texts = [await why(), await why(...explainedCodes.keys())];
    for (const line of texts.flatMap(({ stdout }) => stdout.split('\n'))) {
      if (line.trim().includes(' ')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('says the same as data with --json', async () => {
    const { codes } = JSON.parse((await why('path-unsaid', '--json')).stdout);
    expect(codes).toMatchObject([
      { code: 'path-unsaid', kind: 'finding', level: 'note', guide: expect.any(String) },
    ]);
    const all = JSON.parse((await why('--json')).stdout);
    expect(all.codes).toHaveLength(explainedCodes.size);
  });

  it.each([
    ['same-site-lx', 'There is no code like that. Nearest: same-site-lax, '],
    ['time-out', 'There is no code like that. Nearest: timeout, '],
    ['csrf', 'There is no code like that. Nearest: csrf-refused, '],
    ['prefix-hots', 'There is no code like that. Nearest: prefix-host, '],
    ['xyzzy', 'There is no code like that. hallpass why lists them.'],
    ['There is nothing in here.', 'None of the codes is named there; hallpass why lists them.'],
  ])('answers %s with 2 and the nearest ones', async (wrong, sentence) => {
    const { code, stdout, stderr } = await why(wrong);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n').at(-1)).toContain(`hallpass: ${sentence}`);
  });

  it('repeats nothing that may be a secret', async () => {
    const secret = 'abcdefghijklmnop'.repeat(4);
    expect((await why(secret)).stderr).not.toContain(secret);
    expect((await why('swordfish')).stderr).not.toContain('swordfish');
    expect((await why('csrf-refused', 'swordfish')).stderr).toContain(
      'There is no code of word 2 like that.',
    );
    expect((await why(`Bearer ${secret}`)).stderr).not.toContain(secret);
  });
});
