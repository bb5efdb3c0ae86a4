import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/** A clone that npm fills takes its time, and so does its removal: its files are its own. */
const installs = process.env.HALLPASS_CLONE === 'install';
const timeout = installs ? 900_000 : 300_000;

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'hallpass-clone-'));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const files = tracked
    .toString()
    .split('\0')
    .filter((file) => existsSync(join(root, file)));
  execFileSync('tar', ['-C', clone, '-xf', '-'], {
    input: execFileSync('tar', ['-C', root, '-cf', '-', '--null', '--no-recursion', '-T', '-'], {
      input: files.join('\0'),
      maxBuffer: 1 << 28,
    }),
  });
});
afterEach(() => rmSync(clone, { recursive: true, force: true }), timeout);

/**
 * What `npm ci` would bring is taken from this repository, where set-up brought it by the same step, in CI into a clean clone too.
 * `npm run clone` lets npm bring it into this clone as well.
 */
function bringPackages() {
  if (installs) return;
  const [from, to] = [join(root, 'node_modules'), join(clone, 'node_modules')];
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync('cp', ['-a', from, to]);
  }
}

test('S55 from a clean clone, where nothing is built, one command serves an example', {
  timeout,
}, async () => {
  bringPackages();
  expect(existsSync(join(clone, 'dist'))).toBe(false);
  const child = spawn('npm', ['start', '-w', 'examples/response-cookies'], {
    cwd: clone,
    env: { ...process.env, PORT: '0', DATA_DIR: join(clone, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  let printed = '';
  child.stderr.on('data', (text) => (printed += text));
  const serving = new Promise<string>((resolve) => {
    child.stdout.on('data', (text) => {
      printed += text;
      const origin = /: (http:\/\/localhost:\d+)\n/.exec(printed)?.[1];
      if (origin !== undefined) resolve(origin);
    });
  });
  try {
    const origin = await Promise.race([serving, closed.then(() => Promise.reject(new Error(printed)))]);
    const response = await fetch(`${origin}/set-cookie`);
    expect([response.status, response.headers.getSetCookie().length]).toEqual([200, 1]);
  } finally {
    // npm, its shell and the program are one group.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid);
    await closed;
  }
});
