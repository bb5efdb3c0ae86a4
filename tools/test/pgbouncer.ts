import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { type PostgresServer, unprivileged } from './postgres.ts';
import { ready } from './ready.ts';

/** A PgBouncer in front of a server: a connection belongs to a client for one transaction only. */
export interface PgBouncer extends AsyncDisposable {
  readonly port: number;
  /** Where drivers connect. */
  readonly url: string;
}

/** @param connections to the server: fewer than the clients, so that they share them */
export async function startPgBouncer({ port }: PostgresServer, connections = 2): Promise<PgBouncer> {
  const program = requirePart('pgbouncer');
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-pgbouncer-'));
  chmodSync(folder, 0o755);
  const own = await freePort();
  const settings = `
    [databases]
    postgres = host=127.0.0.1 port=${port} user=hallpass dbname=postgres
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = ${own}
    unix_socket_dir =
    auth_type = any
    pool_mode = transaction
    default_pool_size = ${connections}
    ignore_startup_parameters = extra_float_digits
    server_login_retry = 1
  `;
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, settings.replaceAll(/^ +/gm, ''));
  const child = await ready(
    spawn(program, [file], { ...unprivileged(), stdio: ['ignore', 'ignore', 'pipe'] }),
    'stderr',
    'process up',
  );
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  return {
    port: own,
    url: `postgres://hallpass@127.0.0.1:${own}/postgres`,
    async [Symbol.asyncDispose]() {
      process.off('exit', endWithUs);
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}
