import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { servers } from './servers.ts';

export interface ProcessorTime {
  readonly all: number;
  readonly own: number;
}

/** A server under test in a process of its own, on the first processor alone. */
export interface ServerProcess {
  readonly origin: string;
  /** Microseconds of processor time so far, in all and without the kernel's. */
  cpu(): Promise<ProcessorTime>;
  close(): Promise<void>;
}

export async function startServer(name: string): Promise<ServerProcess> {
  const file = fileURLToPath(import.meta.url);
  const child: ChildProcess = spawn('taskset', ['-c', '0', process.execPath, file, name], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return {
    origin: `http://127.0.0.1:${port}`,
    async cpu() {
      child.send('cpu');
      const [used] = await once(child, 'message');
      return used as ProcessorTime;
    },
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function serve(name: string): Promise<void> {
  const server = await servers[name]?.listen();
  server?.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ all: user + system, own: user });
  });
  process.on('disconnect', () => process.exit());
}

if (import.meta.main && process.send !== undefined) await serve(process.argv[2] ?? '');
