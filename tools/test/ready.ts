import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The server itself, once a line of its log says these words. @throws Error with the log so far, when it ends before */
export async function ready(
  server: ChildProcess,
  log: 'stdout' | 'stderr',
  words: string,
): Promise<ChildProcess> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: server[log] as NodeJS.ReadableStream }).on('line', (line) => {
      lines.push(line);
      if (line.includes(words)) resolve(server);
    });
    server.on('error', reject);
    server.on('exit', (code) =>
      reject(new Error(`${server.spawnfile} ended with ${code}:\n${lines.join('\n')}`)),
    );
  });
}
