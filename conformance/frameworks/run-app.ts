import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../tools/test/free-port.ts';
import type { App } from './app.ts';
import { folderOf, install, runOrThrow } from './install.ts';
import type { Outcome } from './outcome.ts';

const bun = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url));
const programs = { bun, deno: 'node_modules/deno/deno', node: process.execPath };

const quiet = {
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  NEXT_IGNORE_INCORRECT_LOCKFILE: '1', // Next.js 15 writes into the one that it finds.
  NUXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
};

/** Installs, builds, serves and drives one app. @throws Error where it cannot be built, or does not answer */
export async function runApp(app: App): Promise<Outcome[]> {
  const { runtime, build, start, environment, cases } = app;
  const folder = folderOf(app);
  install(app);
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const env = {
    ...process.env,
    ...quiet,
    PORT: String(port),
    HOST: 'localhost',
    ORIGIN: base,
    ...environment,
  };
  if (build !== undefined) {
    requireFile(folder, build[0]);
    runOrThrow(process.execPath, build, folder, env);
  }
  const server = spawn(programs[runtime ?? 'node'], start, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    await answering(server, base);
    const outcomes: Outcome[] = [];
    for (const { name, run } of cases(base)) {
      try {
        await run();
        outcomes.push({ name });
      } catch (error) {
        outcomes.push({ name, error });
      }
    }
    return outcomes;
  } finally {
    server.kill();
  }
}

/** A command of a package that is not there would be ERR_MODULE_NOT_FOUND, which says nothing of installing. */
function requireFile(folder: string, file = ''): void {
  if (existsSync(join(folder, file))) return;
  throw new Error(`${file} is not installed: remove ${folder}, and run this again to install it anew.`);
}

/** @throws Error with the log of a server that ended */
async function answering(server: ChildProcess, base: string): Promise<void> {
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (log += text));
  for (let tries = 0; tries < 600; tries++) {
    if (server.exitCode !== null) break;
    const answered = await fetch(`${base}/api/me`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await setTimeout(100);
  }
  throw new Error(`The app does not answer:\n${log}`);
}
