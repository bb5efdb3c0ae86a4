// `node serve-store.ts KIND PORT FOLDER`, started by store-process.ts: keeps a store for the processes of an app.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { memoryStore } from 'hallpass/stores/memory';
import { startEdge } from '../edge/edge-runtime.ts';

const [, , kind, port, folder] = process.argv;

async function serveMemory(): Promise<void> {
  const store = memoryStore() as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  const server = createServer(async (request, response) => {
    const [name = '', ...given] = JSON.parse(await text(request)) as string[];
    response.end(JSON.stringify({ value: await store[name]?.(...given) }));
  });
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
}

// Before anything is started, so that no end of the parent is missed: with this process its group ends, workerd too.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
if (kind === 'memory') await serveMemory();
else await startEdge('../load/object-worker.ts', { port: Number(port), folder });
process.send?.('ready');
