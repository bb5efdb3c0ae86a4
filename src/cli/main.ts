#!/usr/bin/env node
import { run } from './run.ts';

const { stdout, stderr, stdin, env } = process;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
let unwritten = false;
for (const stream of [stdout, stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    stop.abort();
    // A reader that has seen enough, as `| head -1`, ends the command, and is nothing to complain about.
    if (code === 'EPIPE' || stream === stderr || unwritten) return;
    unwritten = true;
    process.exitCode = 1;
    stderr.write(`hallpass: What was printed cannot be written (${code}).\n`);
  });
}

const io = { stdout, stderr, env, signal: stop.signal };
const code = await run(process.argv.slice(2), stdin.isTTY ? io : { ...io, stdin });
if (!unwritten) process.exitCode = code;
