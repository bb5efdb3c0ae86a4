import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Asked, Reported, Side } from './child.ts';
import type { Program } from './program.ts';
import type { Pace } from './sessions.ts';
import { emptyTranscript, type Transcript } from './transcript.ts';

/** How one program ran without hallpass, and with it. */
export interface Runs {
  readonly bare: Transcript;
  readonly hallpass: Transcript;
}

/** A program by its number of a seed. */
interface Numbered {
  readonly number: number;
  readonly program: Program;
}

/** Seconds that one program may take, as far as this process was let run: a machine may stop both. */
const patience = 30;

/** Processes that run programs. One that dies is replaced, and its death is that of the side of its program that ran. */
export class Workers implements AsyncDisposable {
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  async run(program: Program): Promise<Runs> {
    const { bare = emptyTranscript(), hallpass } = await this.#ask({ program, sides: ['bare', 'hallpass'] });
    return { bare, hallpass: hallpass ?? (await this.#runSide('hallpass', program)) };
  }

  /** Runs a program without hallpass alone. */
  runBare(program: Program, pace: Pace): Promise<Transcript> {
    return this.#runSide('bare', program, pace);
  }

  async #runSide(side: Side, program: Program, pace?: Pace): Promise<Transcript> {
    const { [side]: transcript = emptyTranscript() } = await this.#ask({
      program,
      sides: [side],
      ...(pace && { pace }),
    });
    return transcript;
  }

  /** @returns what came of the sides, up to one by which the process died */
  async #ask(asked: Asked): Promise<Partial<Runs>> {
    const child = this.#idle.pop() ?? (await this.#start());
    const runs: { -readonly [side in Side]?: Transcript } = {};
    const rest = [...asked.sides];
    const isAlive = await new Promise<boolean>((resolve) => {
      const finish = (lives: boolean) => {
        clearInterval(timer);
        child.off('message', note).off('exit', die);
        resolve(lives);
      };
      const note = ({ side, transcript }: Reported) => {
        runs[side] = transcript;
        rest.shift();
        if (rest.length === 0) finish(true);
      };
      const end = (crash: string) => {
        const [side] = rest;
        if (side !== undefined) runs[side] = { ...emptyTranscript(), crashes: [crash] };
        finish(false);
      };
      const die = (code: number | null, signal: string | null) => end(`the process died: ${code ?? signal}`);
      let seconds = 0;
      const timer = setInterval(() => ++seconds >= patience && end('the process hangs'), 1_000);
      child.on('message', note).on('exit', die);
      child.send(asked);
    });
    if (isAlive) {
      this.#idle.push(child);
      return runs;
    }
    child.kill('SIGKILL');
    this.#all.delete(child);
    return runs;
  }

  /** @returns what came of each, as it comes; `size` programs at a time */
  async *runAll(programs: AsyncIterable<Numbered>, size: number): AsyncGenerator<Numbered & Runs> {
    const running = new Map<number, Promise<Numbered & Runs>>();
    const next = async (): Promise<Numbered & Runs> => {
      const done = await Promise.race(running.values());
      running.delete(done.number);
      return done;
    };
    for await (const { number, program } of programs) {
      const work = this.run(program);
      running.set(
        number,
        work.then((runs) => ({ number, program, ...runs })),
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
