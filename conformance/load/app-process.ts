import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BackendName } from './backends.ts';

/** How a process of the app is started. */
export interface AppOptions {
  readonly backend: BackendName;
  /** Where its store is. */
  readonly url: string;
  /** How long it waits for the store, in seconds. */
  readonly patience: number;
  /** By how many ms its clock is ahead. */
  readonly skew: number;
}

/** A process of the app, which may be killed and started again, on another port. */
export class AppProcess {
  readonly #options: AppOptions;
  #child: ChildProcess | undefined;
  port = 0;
  alive = false;

  constructor(options: AppOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { backend, url, patience, skew } = this.#options;
    const words = [backend, url, `${patience}s`, String(skew)];
    const child = fork(fileURLToPath(new URL('app.ts', import.meta.url)), words, { execArgv: [] });
    this.#child = child;
    const failed = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`The app ended with ${code}.`)),
    );
    failed.catch(() => {});
    [this.port] = await Promise.race([once(child, 'message'), failed]);
    this.alive = true;
  }

  kill(): void {
    this.alive = false;
    this.#child?.kill('SIGKILL');
  }

  /** Stands still until `goOn`. */
  stop(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }
}
