import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { closeOnSignal } from '../../shared/program.ts';

/** The number that the process with the port gave to this one. `undefined` in that process, and where there are no workers. */
export const workerNumber: number | undefined = cluster.isWorker
  ? Number(process.env.DESK_WORKER)
  : undefined;

/** Reports to the process with the port that this worker serves. */
export function reportServing(origin: string): void {
  process.send?.({ origin });
}

/**
 * Starts so many processes that share one port and one store, and starts another in the place of one that ends.
 * @returns where they serve @throws the exit code of the first, when it could not serve
 */
export async function startWorkers(count: number): Promise<string> {
  let closing = false;
  const workers = new Map<number, Worker>();

  async function start(number: number): Promise<string> {
    const worker = cluster.fork({ DESK_WORKER: String(number) });
    workers.set(number, worker);
    const serving = once(worker, 'message').then(([{ origin }]) => origin as string);
    const ended = once(worker, 'exit').then(([code]) => code as number);
    const first = await Promise.race([serving, ended]);
    // One that cannot serve has said why; it would say it again and again.
    if (typeof first === 'number') process.exit(first);
    void ended.then((code) => {
      if (closing) return;
      console.error(`Worker ${number} ended with ${code}: another one takes its place.`);
      void start(number);
    });
    return first;
  }

  closeOnSignal(async () => {
    closing = true;
    const living = [...workers.values()].filter((worker) => !worker.isDead());
    await Promise.all(
      living.map((worker) => {
        const ended = once(worker, 'exit');
        worker.process.kill('SIGTERM');
        return ended;
      }),
    );
  });

  const origin = await start(1);
  await Promise.all(Array.from({ length: count - 1 }, (_, index) => start(index + 2)));
  return origin;
}
