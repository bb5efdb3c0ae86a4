import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../index.ts';
import type { World } from '../world.ts';
import type { Bundle } from './bundle.ts';

/** No runtime takes longer for all suites, in ms. */
const patience = 280_000;

/** Runs the suites in a child process. `env` names the variable by which the runtime trusts the lab's certificate. */
export async function runInChild(
  command: readonly [file: string, ...args: string[]],
  { bundle, world, ca, trust }: { bundle: Bundle; world: World; ca: string; trust: string },
): Promise<readonly Result[]> {
  const certificate = join(bundle.folder, `${randomUUID()}.pem`); // each run has a lab of its own
  await writeFile(certificate, ca);
  const [file, ...args] = command;
  const child = spawn(file, [...args, bundle.process, JSON.stringify(world)], {
    cwd: bundle.folder,
    env: { ...process.env, [trust]: certificate, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
  });
  let out = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const last = out.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`${file} ended with ${ended} and no results:\n${out}${log}`);
  return JSON.parse(last);
}
