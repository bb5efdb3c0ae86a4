import type { Redis } from 'ioredis';
import type { Account, AccountStore } from './account-store.ts';

const key = (id: string) => `desk:account:${id}`;

/** Compares and changes in one step: a transaction would need a connection of its own. */
const compared = `
local old = redis.call('GET', KEYS[1])
if not old or cjson.decode(old).version ~= tonumber(ARGV[1]) then return 0 end`;
const replaceScript = `${compared}
redis.call('SET', KEYS[1], ARGV[2])
return 1`;
const removeScript = `${compared}
return redis.call('DEL', KEYS[1])`;

/** Accounts in Redis, under `desk:account:`. */
export function redisAccounts(client: Redis): AccountStore {
  return {
    async read(id) {
      const text = await client.get(key(id));
      return text === null ? undefined : (JSON.parse(text) as Account);
    },
    insert: async (account) => (await client.set(key(account.id), JSON.stringify(account), 'NX')) === 'OK',
    async replace(account) {
      const next = JSON.stringify({ ...account, version: account.version + 1 });
      return (await client.eval(replaceScript, 1, key(account.id), account.version, next)) === 1;
    },
    remove: async ({ id, version }) => (await client.eval(removeScript, 1, key(id), version)) === 1,
    async close() {},
  };
}
