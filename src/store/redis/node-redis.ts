import type { Driver, NodeRedis, NodeRedisConnection, ScriptCall } from './client.ts';
import { OwnConnections } from './own-connections.ts';

const scanLength = 500;

export function nodeRedisDriver(client: NodeRedis): Driver {
  const own = new OwnConnections(open);
  return {
    cluster: 'nodeClient' in client,

    get: (key) => client.get(key),

    run: (call) => run(client, call),

    own: client.duplicate && ((key) => nodeOf(client, key).then((node) => own.to(node))),

    endOwn: () => own.endAll(),

    /** The cursor of a cluster client walks from node to node. */
    async *scan(pattern) {
      let cursor = '0';
      do {
        const page = await client.scan(cursor, { MATCH: pattern, COUNT: scanLength });
        cursor = page.cursor;
        yield page.keys;
      } while (cursor !== '0');
    },
  };
}

async function nodeOf(client: NodeRedis, key: string): Promise<NodeRedisConnection> {
  return ((await client.getNodeClientForKey?.(key)) ?? client) as NodeRedisConnection;
}

function run(
  on: Pick<NodeRedis, 'eval' | 'evalSha'>,
  { by, script, keys, args }: ScriptCall,
): Promise<unknown> {
  const input = { keys: [...keys], arguments: [...args] };
  return by === 'name' ? on.evalSha(script, input) : on.eval(script, input);
}

async function open(node: NodeRedisConnection) {
  const copy = node.duplicate();
  copy.on('error', () => {});
  await copy.connect();
  const connection = {
    run: (call: ScriptCall) => run(copy, call),
    wait: (replicas: number, timeout: number) => copy.wait(replicas, timeout),
    waitForDisks: (replicas: number, timeout: number) =>
      copy.sendCommand(['WAITAOF', '1', String(replicas), String(timeout)]) as Promise<number[]>,
  };
  return { connection, isOpen: () => copy.isOpen, end: () => copy.destroy() };
}
