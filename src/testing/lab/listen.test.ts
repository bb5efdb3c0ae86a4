import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenOnFirst } from './listen.ts';

test('a server falls back to the next host where the machine lacks the first', async () => {
  const server = createServer();
  expect(await listenOnFirst(server, ['203.0.113.7', '127.0.0.1'], 0)).toBe('127.0.0.1');
  server.close();
  await expect(listenOnFirst(createServer(), ['203.0.113.7'], 0)).rejects.toThrow(/EADDRNOTAVAIL/);
});
