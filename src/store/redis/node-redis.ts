import type { Call, Driver, NodeRedis } from './client.ts';

const scanLength = 500;

export function nodeRedisDriver(client: NodeRedis): Driver {
  return {
    cluster: 'nodeClient' in client,

    get: (key) => client.get(key),

    run: ({ by, script, ...input }) =>
      by === 'name' ? client.evalSha(script, given(input)) : client.eval(script, given(input)),

    async runAndWait({ by, script, ...input }, replicas, timeout) {
      const batch = client.multi();
      if (by === 'name') batch.evalSha(script, given(input));
      else batch.eval(script, given(input));
      const [reply, acknowledgedBy] = await batch.wait(replicas, timeout).execAsPipeline();
      return { reply, acknowledgedBy: Number(acknowledgedBy) };
    },

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

const given = ({ keys, args }: Pick<Call, 'keys' | 'args'>) => ({ keys: [...keys], arguments: [...args] });
