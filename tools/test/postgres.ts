import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { ready } from './ready.ts';

/** How long a server that ends waits for its clients to leave, in ms. */
const patience = 2_000;

/** A PostgreSQL server of a test's own, on a free loopback port and in a folder that goes with it. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Where drivers connect; the role may do everything. */
  readonly url: string;
  /** Ends the server as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on its data. */
  restart(): Promise<void>;
  /** Ends it in order and removes its data. */
  close(): Promise<void>;
}

/** @param options.fsync true: what is acknowledged is on the disk. Default: false, because tests are many. */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  const programs = dirname(requirePart('postgres'));
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-postgres-'));
  const owner = unprivileged();
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const within = { ...owner, cwd: folder };
  const data = join(folder, 'data');
  initialize(join(programs, 'initdb'), data, within);

  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `fsync=${fsync ? 'on' : 'off'}`,
    'max_connections=60',
    'shared_buffers=16MB',
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  let server = await start(join(programs, 'postgres'), args, within);

  const endWithUs = () => server.kill('SIGQUIT');
  process.once('exit', endWithUs);
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  };
  const close = async () => {
    const impatience = setTimeout(() => server.kill('SIGINT'), patience);
    await end('SIGTERM');
    clearTimeout(impatience);
    process.off('exit', endWithUs);
    rmSync(folder, { recursive: true, force: true });
  };

  return {
    port,
    url: `postgres://hallpass@127.0.0.1:${port}/postgres`,
    kill: () => end('SIGKILL'),
    async restart() {
      server = await start(join(programs, 'postgres'), args, within);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Fills a data folder. What initdb makes is kept for the next server on this machine: to copy it takes an eighth of the time. */
function initialize(initdb: string, data: string, within: { uid?: number; cwd: string }): void {
  const { ino, mtimeMs } = statSync(initdb);
  const owner = within.uid ?? process.getuid?.() ?? 0;
  const kept = join(tmpdir(), `hallpass-initdb-${owner}-${ino}-${mtimeMs}`);
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { ...within, stdio: 'pipe' });
  if (statSync(kept, { throwIfNoEntry: false })?.uid === owner) {
    run('cp', '-a', kept, data);
    return;
  }
  const facts = ['-U', 'hallpass', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  run(initdb, '-D', data, ...facts);
  const copy = `${kept}-${process.pid}`;
  try {
    run('cp', '-a', data, copy);
    renameSync(copy, kept);
  } catch {
    // Another process was first, or there is no room: the next server makes its own.
    rmSync(copy, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root, so root lends it the user that its package made. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

type Start = Parameters<typeof spawn>;

/** The processes of a killed server find out by themselves that they have to go; until then no other one starts. */
async function start(...given: Start): Promise<ChildProcess> {
  for (;;) {
    try {
      return await ready(spawn(...given), 'stderr', 'ready to accept connections');
    } catch (error) {
      if (!String(error).includes('still in use')) throw error;
      await delay(20);
    }
  }
}
