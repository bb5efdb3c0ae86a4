import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RedisClient } from '../../src/store/redis/index.ts';

/** A client of `redis` over a stub of the server, whose scripts run in this Lua. */
export interface RedisStub {
  readonly client: RedisClient;
  close(): void;
}

interface ScriptInput {
  keys: string[];
  arguments: string[];
}

/** @param lua the path of a Lua that is 5.3 or newer */
export function startRedisStub(lua: string): RedisStub {
  const child = spawn(lua, [fileURLToPath(new URL('redis-stub.lua', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));

  const ask = async (...fields: string[]): Promise<unknown> => {
    const line = fields.map((field) => `x${Buffer.from(field).toString('hex')}`).join(' ');
    const answer = new Promise<string>((resolve) => waiting.push(resolve));
    child.stdin.write(`${line}\n`);
    return replyIn((await answer).split(' '));
  };
  const scripts = new Map<string, Promise<unknown>>();
  const client = {
    get: async (key: string) => (await ask('get', key)) as string | null,
    evalSha: async () => {
      throw new Error('NOSCRIPT No matching script.');
    },
    async eval(text: string, { keys, arguments: args }: ScriptInput) {
      const number = scripts.get(text) ?? ask('script', text);
      scripts.set(text, number);
      return ask('eval', String(await number), String(keys.length), ...keys, ...args);
    },
    scan: async (_cursor: string, { MATCH }: { MATCH: string }) => ({
      cursor: '0',
      keys: (await ask('keys', MATCH.replace(/\*$/, ''))) as string[],
    }),
    on: () => {},
  };
  return { client, close: () => child.kill() };
}

/** @throws Error for the reply of one */
function replyIn(fields: string[]): unknown {
  const field = fields.shift() ?? '';
  const rest = field.slice(1);
  const text = () => Buffer.from(rest, 'hex').toString();
  switch (field[0]) {
    case 'a':
      return Array.from({ length: Number(rest) }, () => replyIn(fields));
    case 's':
      return text();
    case 'i':
      return Number(rest);
    case 'e':
      throw new Error(text());
    default:
      return null;
  }
}
