import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small application on a session library, which runs on this machine. */
export interface App {
  /** The library, with its version. */
  readonly name: string;
  /** Its requests, as `hallpass race --file` is told them. */
  readonly plan: object;
  start(): Promise<RunningApp>;
}

export interface RunningApp extends AsyncDisposable {
  readonly url: string;
}

/** The requests of most apps here, as `hallpass race` is told them. */
export const plan = {
  signIn: 'POST /sign-in user=ada',
  write: 'POST /write field={field}&value={value}',
  read: 'GET /read',
  signOut: 'POST /sign-out now=1',
  signedIn: '"user":"ada"',
};
export const planWithRenewal = { ...plan, renew: 'POST /renew now=1' };

/** What a read shows. */
export const shown = (get: (name: 'user' | 'a' | 'b') => unknown): object => ({
  user: get('user') ?? null,
  a: get('a') ?? null,
  b: get('b') ?? null,
});

/** Serves on a free port. */
export async function serve(listener: RequestListener, close?: () => unknown): Promise<RunningApp> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
      await close?.();
    },
  };
}

/** The fields of a form. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return new URLSearchParams(text);
}

/** The end of what a library does by callback. */
export const called = (run: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
