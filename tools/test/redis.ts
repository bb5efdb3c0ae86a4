import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { ready } from './ready.ts';

/** A Redis server of a test's own, on a free loopback port and in a folder that goes with it. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Where clients connect. */
  readonly url: string;
  /** What `redis-cli` prints for a command; rejects for an error reply. */
  cli(...command: string[]): Promise<string>;
  /** Ends the server as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and what it had on the disk. */
  restart(): Promise<void>;
  /** Ends it in order and removes its data. */
  close(): Promise<void>;
}

/** @param settings of redis.conf, as `{ appendonly: 'yes' }`. Default: nothing is written to the disk. */
export async function startRedis(settings: Record<string, string> = {}): Promise<RedisServer> {
  const program = requirePart('redis');
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-redis-'));
  const port = await freePort();
  const own = { bind: '127.0.0.1', port: String(port), dir: folder, save: '', ...settings };
  const args = Object.entries(own).flatMap(([name, value]) => [`--${name}`, value]);
  const start = () =>
    ready(
      spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] }),
      'stdout',
      'Ready to accept connections',
    );

  const removeData = () => rmSync(folder, { recursive: true, force: true });

  let server = await start().catch((error: unknown) => {
    removeData();
    throw error;
  });
  const endWithUs = () => server.kill('SIGKILL');
  process.once('exit', endWithUs);
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  };
  const close = async () => {
    await end('SIGTERM');
    process.off('exit', endWithUs);
    removeData();
  };

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    async cli(...command) {
      const file = join(dirname(program), 'redis-cli');
      const { stdout } = await promisify(execFile)(file, ['-e', '-p', String(port), ...command]);
      return stdout.trim();
    },
    kill: () => end('SIGKILL'),
    async restart() {
      server = await start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A Redis Cluster of three primaries without replicas. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[];
  close(): Promise<void>;
}

const slots = 16_384;

/** @param settings of redis.conf, of each node */
export async function startRedisCluster(settings: Record<string, string> = {}): Promise<RedisCluster> {
  const buses = [await freePort(), await freePort(), await freePort()];
  const nodes = await Promise.all(
    buses.map((bus) => startRedis({ 'cluster-enabled': 'yes', 'cluster-port': String(bus), ...settings })),
  );
  const close = async () => {
    await Promise.all(nodes.map((node) => node.close()));
  };
  const first = (index: number) => Math.floor((slots * index) / nodes.length);
  for (const [index, node] of nodes.entries()) {
    await node.cli('CLUSTER', 'ADDSLOTSRANGE', String(first(index)), String(first(index + 1) - 1));
    if (index > 0)
      await nodes[0]?.cli('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(buses[index]));
  }
  await Promise.all(nodes.map(joined)).catch(async (error) => {
    await close();
    throw error;
  });
  return { nodes, close, [Symbol.asyncDispose]: close };
}

/** Waits until a node knows who serves every slot. */
async function joined(node: RedisServer): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const info = await node.cli('CLUSTER', 'INFO');
    if (info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${slots}`)) return;
    await delay(25);
  }
  throw new Error('The nodes of the Redis Cluster did not find each other within ten seconds.');
}
