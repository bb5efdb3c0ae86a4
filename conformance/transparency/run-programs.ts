import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Asked, Reported } from './child.ts';
import type { Program } from './program.ts';
import type { Pace } from './sessions.ts';
import { emptyTranscript, type Transcript } from './transcript.ts';

/** How one program ran without hallpass, and with it. */
export interface Runs {
  readonly bare: Transcript;
  readonly hallpass: Transcript;
}

/** Seconds that one program may take, as far as this process was let run: a machine may stop both. */
const patience = 30;

/** Processes that run programs. One that dies is replaced, and its death is its program's. */
export class Workers implements AsyncDisposable {
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  async run(program: Program, number = 0): Promise<Runs> {
    const reported = await this.#ask({ number, program });
    if (typeof reported !== 'string') return reported;
    return { bare: emptyTranscript(), hallpass: { ...emptyTranscript(), crashes: [reported] } };
  }

  /** Runs a program without hallpass alone. `undefined`: its process died. */
  async runBare(program: Program, pace: Pace): Promise<Transcript | undefined> {
    const reported = await this.#ask({ number: 0, program, pace });
    return typeof reported === 'string' ? undefined : reported.bare;
  }

  /** @returns what came of it, or how its process ended */
  async #ask(asked: Asked): Promise<Reported | string> {
    const child = this.#idle.pop() ?? (await this.#start());
    const reported = await new Promise<Reported | string>((resolve) => {
      const finish = (outcome: Reported | string) => {
        clearInterval(timer);
        child.off('message', finish).off('exit', died);
        resolve(outcome);
      };
      const died = (code: number | null, signal: string | null) =>
        finish(`the process died: ${code ?? signal}`);
      let seconds = 0;
      const timer = setInterval(() => ++seconds >= patience && finish('the process hangs'), 1_000);
      child.on('message', finish).on('exit', died);
      child.send(asked);
    });
    if (typeof reported !== 'string') {
      this.#idle.push(child);
      return reported;
    }
    child.kill('SIGKILL');
    this.#all.delete(child);
    return reported;
  }

  /** @returns what came of each, as it comes; `size` programs at a time */
  async *runAll(programs: AsyncIterable<Asked>, size: number): AsyncGenerator<Asked & Runs> {
    const running = new Map<number, Promise<Asked & Runs>>();
    const next = async (): Promise<Asked & Runs> => {
      const done = await Promise.race(running.values());
      running.delete(done.number);
      return done;
    };
    for await (const asked of programs) {
      const work = this.run(asked.program, asked.number);
      running.set(
        asked.number,
        work.then((runs) => ({ ...asked, ...runs })),
      );
      if (running.size >= size) yield await next();
    }
    while (running.size > 0) yield await next();
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
    });
    this.#all.add(child);
    await once(child, 'message');
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ends = [...this.#all].map((child) => once(child, 'exit'));
    for (const child of this.#all) child.kill();
    await Promise.all(ends); // Their processor time counts to this process then.
  }
}
