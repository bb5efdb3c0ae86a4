import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** One thing that must hold of the repository. */
export interface Check {
  readonly name: string;
  /** @param root the repository's folder */
  run(root: string): Promise<Outcome>;
}

export interface Outcome {
  /** Each a line that says what is wrong and where; none = the check passes. */
  readonly problems: readonly string[];
  /** What is worth reading though nothing is wrong. */
  readonly notes?: readonly string[];
  /** Why the check had nothing to look at; it then neither passes nor fails. */
  readonly idle?: string;
}

/** Runs a command of node_modules/.bin, or of the system, and resolves to its exit code and all that it printed. */
export function run(
  root: string,
  command: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; output: string }> {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}

/** The lines of a failed command's output, as problems. */
export function problemsOf(command: string, code: number, output: string): string[] {
  if (code === 0) return [];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`${command} ended with exit code ${code}`];
}
