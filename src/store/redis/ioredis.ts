import type { Driver, Ioredis, IoredisConnection, IoredisNode, ScriptCall } from './client.ts';
import { OwnConnections } from './own-connections.ts';
import { slotOf } from './slot.ts';

const scanLength = 500;

export function ioredisDriver(client: Ioredis): Driver {
  const own = new OwnConnections(open);
  return {
    cluster: client.isCluster,

    get: (key) => client.get(key),

    run: (call) => run(client, call),

    own: async (key) => own.to(nodeOf(client, key)),

    endOwn: () => own.endAll(),

    async *scan(pattern) {
      for (const node of client.nodes?.('master') ?? [client]) {
        let cursor = '0';
        do {
          const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', scanLength);
          cursor = next;
          yield keys;
        } while (cursor !== '0');
      }
    },
  };
}

function run(
  on: Pick<Ioredis, 'eval' | 'evalsha'>,
  { by, script, keys, args }: ScriptCall,
): Promise<unknown> {
  const method = by === 'name' ? 'evalsha' : 'eval';
  return on[method](script, keys.length, ...keys, ...args);
}

/** The node that holds a key, as far as the cluster client knows. */
function nodeOf(client: Ioredis, key: string): IoredisConnection {
  const nodes: readonly (IoredisNode & Partial<IoredisConnection>)[] = client.nodes?.('master') ?? [client];
  const address = client.slots?.[slotOf(key)]?.[0];
  const node = nodes.find(({ options }) => `${options?.host}:${options?.port}` === address) ?? nodes[0];
  return node as unknown as IoredisConnection;
}

async function open(node: IoredisConnection) {
  const copy = node.duplicate({ lazyConnect: true });
  copy.on('error', () => {});
  await copy.connect();
  const connection = {
    run: (call: ScriptCall) => run(copy, call),
    wait: (replicas: number, timeout: number) => copy.wait(replicas, timeout),
    waitForDisks: (replicas: number, timeout: number) =>
      copy.call('WAITAOF', '1', String(replicas), String(timeout)) as Promise<number[]>,
  };
  return { connection, isOpen: () => copy.status !== 'end', end: () => copy.disconnect() };
}
