import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import type { ThreadInput } from './thread.ts';

type Pasted = Exclude<ThreadInput, { kind: 'program' }>;

/** The codes that `hallpass lint` names for a thread, that first which it points to. */
export async function askCommand(input: Pasted): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-thread-'));
  try {
    return codesIn(await outputOf(argumentsFor(input, folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The codes that `hallpass why` names for a line of a log. */
export async function askAboutLog(pasted: string): Promise<string[]> {
  const { codes = [] } = JSON.parse((await outputOf(['why', pasted, '--json'])) || '{}');
  return (codes as { code: string }[]).map(({ code }) => code);
}

function argumentsFor(input: Pasted, folder: string): string[] {
  const { kind, text } = input;
  const walked = 'journey' in input && input.journey !== undefined ? ['--journey', input.journey] : [];
  if (kind === 'line') return ['lint', '--header', `Set-Cookie: ${text}`, '--from', input.from, ...walked];
  const file = join(folder, 'pasted');
  writeFileSync(file, text);
  return ['lint', `--${kind}`, file, ...(kind === 'definition' ? ['--from', input.from] : []), ...walked];
}

async function outputOf(argv: readonly string[]): Promise<string> {
  let printed = '';
  await run(argv, {
    stdout: { write: (text) => (printed += text) },
    stderr: { write: () => {} },
    env: {},
  });
  return printed.replaceAll(/\s+/g, ' ');
}

/** The code behind "hallpass why", then those that stand in brackets behind each finding. */
function codesIn(output: string): string[] {
  const pointedTo = /hallpass why ([a-z-]+) tells more/.exec(output)?.[1];
  const named = [...output.matchAll(/\(([a-z]+(?:-[a-z]+)+), [^()]+\)/g)].map(([, code = '']) => code);
  return [...new Set([...(pointedTo === undefined ? [] : [pointedTo]), ...named])];
}
