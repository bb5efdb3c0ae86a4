import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter } from 'node:path';

/** A set-up step that cannot go on. Its message is one sentence that says what to do. */
export class Stop extends Error {
  /**
   * @param {string} sentence
   * @param {string} [output] what the failed command printed
   */
  constructor(sentence, output = '') {
    super(sentence);
    this.output = output;
  }
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`setup: ${text}\n`);
}

/**
 * Runs a command quietly and shows that it lives: on a terminal as a counter, elsewhere as a line every five seconds.
 * Resolves to its exit code and everything that it printed.
 *
 * @param {string} label what the user reads while it runs
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, lock?: number }} [options] `lock`: stays taken until the command ends, too
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(label, command, args, { lock, ...options } = {}) {
  const progress = startProgress(label);
  return new Promise((resolve) => {
    const locks = lock === undefined ? [] : [lock];
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe', ...locks] });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => {
      progress.end('failed');
      resolve({ code: 127, output: `${output}${error.message}\n` });
    });
    child.on('close', (code) => {
      progress.end(code === 0 ? 'done' : 'failed');
      resolve({ code: code ?? 1, output });
    });
  });
}

/** @param {string} label */
function startProgress(label) {
  const begin = process.hrtime.bigint();
  const elapsed = () => `${Math.round(Number(process.hrtime.bigint() - begin) / 1e9)} s`;
  const terminal = process.stdout.isTTY === true;
  if (terminal) process.stdout.write(`setup: ${label} …`);
  else say(`${label} …`);
  const timer = setInterval(
    () => (terminal ? process.stdout.write(`\rsetup: ${label} … ${elapsed()}`) : say(`  ${elapsed()}`)),
    terminal ? 500 : 5000,
  );
  return {
    /** @param {string} outcome */
    end(outcome) {
      clearInterval(timer);
      if (terminal) process.stdout.write(`\rsetup: ${label}: ${outcome} in ${elapsed()}\n`);
      else say(`${label}: ${outcome} in ${elapsed()}`);
    },
  };
}

/** The PATH without node_modules: npm must not run on the very Node that it is about to replace. */
export function pathWithoutPackages() {
  const entries = (process.env.PATH ?? '').split(delimiter);
  return entries.filter((entry) => !entry.includes('node_modules')).join(delimiter);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} output */
export function lastLine(output) {
  return output.trim().split('\n').at(-1) || undefined;
}
