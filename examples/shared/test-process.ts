import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An example in a process of its own, as its start command runs it. */
export interface Program {
  /** `http://localhost:…` once it serves; `undefined` when it ended instead. */
  origin: string | undefined;
  /** What it printed so far. */
  stdout(): string;
  stderr(): string;
  /** Sends the signal, as Ctrl-C does, unless it has ended; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts an example's `main.ts` and waits until it serves or ends. */
export async function startProgram(
  main: URL,
  env: Record<string, string | undefined>,
  args: readonly string[] = [],
): Promise<Program> {
  const child = spawn(process.execPath, [fileURLToPath(main), ...args], {
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  const printed = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  const ended = once(child, 'close');
  const serving = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      printed.stdout += chunk;
      const origin = /: (https?:\/\/localhost:\d+)\n/.exec(printed.stdout)?.[1];
      if (origin !== undefined) resolve(origin);
    });
  });
  return {
    origin: await Promise.race([serving, ended.then(() => undefined)]),
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    stop: (signal = 'SIGINT') => stop(child, ended, signal),
  };
}

async function stop(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals) {
  if (child.exitCode === null) child.kill(signal);
  await ended;
  return child.exitCode;
}
