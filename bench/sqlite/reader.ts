// A reader in a thread of its own: reads random sessions until it is told to stop, and says how long the reads took.
import { parentPort, workerData } from 'node:worker_threads';
import { sqliteStore } from 'hallpass/stores/sqlite';

const { path, selectors } = workerData as { path: string; selectors: string[] };
const store = sqliteStore(path);
const port = parentPort;
let times: number[] = [];
port?.on('message', () => {
  const sorted = times.sort((one, other) => one - other);
  port.postMessage({ reads: sorted.length, p99: sorted[Math.floor(sorted.length * 0.99)] });
  times = [];
});
/** Some reads at once, and then the messages. */
async function read(): Promise<void> {
  for (let reads = 0; reads < 200; reads += 1) {
    const selector = selectors[(Math.random() * selectors.length) | 0] as string;
    const start = performance.now();
    await store.read(selector, { now: Date.now() });
    times.push(performance.now() - start);
  }
  setImmediate(read);
}
read();
