import type { RuntimeName } from './runners/runtime.ts';

/** Checks that fail on a runtime for a reason that hallpass cannot remove. */
export interface Exception {
  readonly runtimes: readonly RuntimeName[];
  readonly suite: string;
  /** The name of one check; absent = every check of the suite. */
  readonly check?: string;
  readonly why: string;
}

const nodes: readonly RuntimeName[] = ['Node 22', 'Node 24', 'Node 26'];
const workers: readonly RuntimeName[] = ['workerd', 'workerd, nodejs_compat'];

/** All that a runtime cannot do. An exception that explains no failure is itself a failure. */
export const exceptions: readonly Exception[] = [
  {
    runtimes: nodes,
    suite: 'server: own',
    why: 'Node has no server that speaks Request and Response; node:http has a suite of its own.',
  },
  {
    runtimes: workers,
    suite: 'server: own',
    why: 'A worker does not listen: workerd calls it, as the suite "server" calls the pipeline.',
  },
  {
    runtimes: ['workerd'],
    suite: 'client',
    check: 'a refresh that calls through its own client does not wait for itself',
    why: 'Only nodejs_compat tells a worker what a call was made by; without it such a refresh ends at its refreshTimeout.',
  },
  ...['toNodeListener', 'node:http', 'Express', 'Fastify'].map((host) => ({
    runtimes: workers,
    suite: `server: ${host}`,
    why: 'A worker cannot listen on a port.',
  })),
  {
    runtimes: workers,
    suite: 'wire',
    why: 'A worker cannot listen on a port; what arrives there was read by workerd.',
  },
  {
    runtimes: workers,
    suite: 'SQLite store',
    why: 'A worker has no files and no node:sqlite. Use another store there.',
  },
  {
    runtimes: ['Deno'],
    suite: 'client',
    check: 'X5: a Location that begins with /// is judged as the URL that would be connected to',
    why: "Deno's URL knows no such text, against the URL standard: the call ends with bad-location, and nothing is sent.",
  },
  {
    runtimes: ['Bun', ...workers],
    suite: 'client',
    check: "a Request's credentials: 'omit' is obeyed",
    why: 'The Request of this runtime forgets its credentials. Say it in init: client.fetch(url, { credentials }).',
  },
  {
    runtimes: workers,
    suite: 'client',
    check: "a Request's redirect: 'error' is obeyed",
    why: "workerd makes no such Request. Say it in init: client.fetch(url, { redirect: 'error' }).",
  },
];
