import { expect } from 'vitest';
import { run } from '../../src/cli/run.ts';

/** Runs the command line in this process: its exit code, and what it printed. */
export async function runCommand(
  argv: string[],
  {
    env = {},
    piped,
    secret,
  }: {
    readonly env?: Record<string, string>;
    /** What comes by standard input. Default: nothing does. */
    readonly piped?: string | undefined;
    /** What must not be printed anywhere. */
    readonly secret?: string;
  } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const code = await run(argv, {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    env,
    ...(piped !== undefined && { stdin: pieces(piped) }),
  });
  if (secret !== undefined) expect(printed.stdout + printed.stderr).not.toContain(secret);
  return { code, ...printed };
}

/** As a pipe gives it. */
async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  yield bytes.subarray(0, 7);
  yield bytes.subarray(7);
}
