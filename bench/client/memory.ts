import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HttpContender } from './contenders.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Megabytes of heap that stay when everything that can go is gone. */
async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await turn();
    collectGarbage();
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** What a client keeps after a tenth of the calls and after all of them: the difference is growth. */
export async function memoryNote({ name, get }: HttpContender, url: string, calls: number): Promise<string> {
  const some = async (count: number) => {
    let left = count;
    const runner = async () => {
      while (left-- > 0) await get(url);
    };
    await Promise.all(Array.from({ length: 50 }, runner));
    return heap();
  };
  const early = await some(calls / 10);
  const late = await some(calls - calls / 10);
  const growth = late - early;
  return `- ${name}: ${early.toFixed(1)} MB of heap after ${calls / 10} calls, ${late.toFixed(1)} MB after ${calls} (${growth.toFixed(2)} MB more)`;
}
