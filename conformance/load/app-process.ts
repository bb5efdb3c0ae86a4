import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BackendName } from './backends.ts';

/** How long a process may take until it listens, in ms. */
const mostStart = 90_000;
const mostTries = 10;

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

  /** Starts it; one that ends or stands still before it listens, because the store was away, is started again. */
  async start(): Promise<void> {
    for (let tries = 0; !this.alive; tries += 1) {
      if (tries === mostTries) throw new Error('The app does not start.');
      const { backend, url, patience, skew } = this.#options;
      const words = [backend, url, `${patience}s`, String(skew)];
      const child = fork(fileURLToPath(new URL('app.ts', import.meta.url)), words, { execArgv: [] });
      this.#child = child;
      const late = AbortSignal.timeout(mostStart);
      const ended = once(child, 'exit', { signal: late }).then(() => undefined);
      const port = await Promise.race([once(child, 'message', { signal: late }), ended]).catch(
        () => undefined,
      );
      ended.catch(() => {});
      if (port === undefined) child.kill('SIGKILL');
      else [this.port] = port;
      this.alive = port !== undefined;
    }
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
