import type { Call, Driver, Ioredis } from './client.ts';

const scanLength = 500;

export function ioredisDriver(client: Ioredis): Driver {
  return {
    cluster: client.isCluster,

    get: (key) => client.get(key),

    run: (call) => client[commandOf(call)](call.script, call.keys.length, ...call.keys, ...call.args),

    async runAndWait(call, replicas, timeout) {
      const script = [commandOf(call), call.script, call.keys.length, ...call.keys, ...call.args];
      const replies = (await client.pipeline([script, ['wait', replicas, timeout]]).exec()) ?? [];
      const [reply, acknowledgedBy] = replies.map(([error, value]) => {
        if (error !== null) throw error;
        return value;
      });
      return { reply, acknowledgedBy: Number(acknowledgedBy) };
    },

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

const commandOf = ({ by }: Call) => (by === 'name' ? 'evalsha' : 'eval');
