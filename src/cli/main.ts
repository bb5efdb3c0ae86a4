#!/usr/bin/env node
import { run } from './run.ts';

const { stdout, stderr, stdin, env } = process;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
// A reader that has seen enough, as `| head -1`, ends the command, and is nothing to complain about.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  });
}

const io = { stdout, stderr, env, signal: stop.signal };
process.exitCode = await run(process.argv.slice(2), stdin.isTTY ? io : { ...io, stdin });
