#!/usr/bin/env node
import { run } from './run.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const { stdout, stderr, stdin, env } = process;
const io = { stdout, stderr, env, signal: stop.signal };
process.exitCode = await run(process.argv.slice(2), stdin.isTTY ? io : { ...io, stdin });
