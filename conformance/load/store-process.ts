import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HallpassError } from 'hallpass';
import type { SessionStore } from 'hallpass/store';
import type { ObjectNamespace } from 'hallpass/stores/durable-object';
import { freePort } from '../../tools/test/free-port.ts';
import type { Started } from './started.ts';

/** Stores that one process keeps: the others of an app ask it, over HTTP. */
export type StoreProcessKind = 'memory' | 'durable-object';

/** Starts the process that keeps such a store; what Durable Objects keep is in a folder and outlives it. */
export async function startStoreProcess(kind: StoreProcessKind): Promise<Started> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-load-'));
  let endWithUs = () => {};
  const start = async () => {
    const words = [kind, String(port), folder];
    const program = fileURLToPath(new URL('serve-store.ts', import.meta.url));
    // A group of its own: workerd is a child of it, and ends with it.
    const child = fork(program, words, { detached: true, execArgv: [] });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The process with the store ended with ${code} before it was ready.`);
    });
    ended.catch(() => {});
    endWithUs = () => endGroup(child);
    process.once('exit', endWithUs);
    await Promise.race([once(child, 'message'), ended]);
    return child;
  };
  let child = await start();
  const kill = () => {
    process.off('exit', endWithUs);
    return endGroup(child);
  };
  const server = {
    kill,
    async restart() {
      child = await start();
    },
  };
  return {
    ports: [port],
    url: ([through]) => `http://127.0.0.1:${through}/`,
    ...(kind === 'durable-object' && { server }),
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  process.kill(-child.pid, 'SIGKILL');
  await once(child, 'exit');
}

/** How long a store is waited for, in ms: a connection that was cut does not always say so. */
const patience = 10_000;

const post = (url: string, body: string) =>
  fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(patience) });

/** The store of another process. */
export function storeBehind(url: string): SessionStore & AsyncDisposable {
  const call = async (...words: unknown[]) => {
    const answer = await post(url, JSON.stringify(words)).catch((cause: unknown) => {
      throw new HallpassError('store-unavailable', 'The process with the store does not answer.', { cause });
    });
    const { value } = (await answer.json()) as { value?: never };
    return value as never;
  };
  const method =
    (name: string) =>
    (...given: unknown[]) =>
      call(name, ...given);
  return {
    create: method('create'),
    read: method('read'),
    patch: method('patch'),
    touch: method('touch'),
    revoke: method('revoke'),
    enlist: method('enlist'),
    listByUser: method('listByUser'),
    revokeByUser: method('revokeByUser'),
    sweep: method('sweep'),
    async [Symbol.asyncDispose]() {},
  };
}

/** The Durable Objects of a worker in another process, as a binding would give them. */
export function objectsBehind(url: string): ObjectNamespace<string> {
  return {
    idFromName: (name) => name,
    get: (name) => ({ fetch: (_, { body }) => post(url + encodeURIComponent(name), body) }),
  };
}
