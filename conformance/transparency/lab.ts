import { errorMonitor } from 'node:events';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { threadsWork } from './threads.ts';
import type { Transcript } from './transcript.ts';
import type { UpstreamPath } from './upstream.ts';

/** A real file of a few lines, and one that is not there. */
export const page: string = fileURLToPath(new URL('fixtures/page.html', import.meta.url));
export const folder: string = fileURLToPath(new URL('fixtures', import.meta.url));

export const text = { small: 'small', utf8: 'grüße, 日本', large: 'x'.repeat(1 << 20) } as const;

interface Pace {
  readonly turns: number;
  readonly milliseconds: number;
  readonly handlers?: boolean;
}

/** Turns of the event loop without any event, and milliseconds, after which nothing more is expected. */
const calm: Pace = { turns: 12, milliseconds: 4 };
/** Milliseconds after which a run is given up, and of one wait how many count: a machine may stop the process. */
const patience = 4_000;
const mostAtOnce = 100;

/** What the parts of one run share: its transcript, its pace, and the streams that it made. */
export class Lab {
  readonly transcript: Transcript;
  /** Work that somebody waits for: store calls, pauses. */
  #pending = 0;
  #events = 0;
  readonly #streams: { kind: string; stream: Readable }[] = [];
  readonly #bodies: { kind: string; over: boolean }[] = [];

  /** Where another server answers. */
  readonly upstream: (path: UpstreamPath) => string;
  /** The answer that handlers give more than once, once there is one. */
  shared: Response | undefined;

  constructor(transcript: Transcript, upstream: (path: UpstreamPath) => string) {
    this.transcript = transcript;
    this.upstream = upstream;
  }

  share(make: () => Response): Response {
    this.shared ??= make();
    return this.shared;
  }

  /** Something that must have come to its end when all is over; the function that is returned ends it. */
  keep(kind: string): () => void {
    const body = { kind, over: false };
    this.#bodies.push(body);
    return () => {
      body.over = true;
    };
  }

  /** Handlers whose steps go on. */
  #acting = 0;
  #acted = false;

  /** A handler begins; the function that is returned ends it. */
  act(): () => void {
    this.#acting++;
    this.#acted = true;
    let ended = false;
    return () => {
      if (!ended) this.#acting--;
      ended = true;
      this.stir();
    };
  }

  /** True when the handler has done all its steps. */
  get hasActed(): boolean {
    return this.#acted && this.#acting === 0;
  }

  readonly #arriving = Promise.withResolvers<void>();

  /** Resolves when the server has got the program's request. */
  get arrived(): Promise<void> {
    return this.#arriving.promise;
  }

  arrive(): void {
    this.#arriving.resolve();
  }

  /** True once the run is being cleared away: what steps do then is no part of it. */
  over = false;

  /** Something has happened: whoever waits for calm waits on. */
  stir(): void {
    this.#events++;
  }

  /** Lets turns of the event loop pass. */
  async pause(turns: number): Promise<void> {
    this.#pending++;
    for (let i = 0; i < turns; i++) await turn();
    this.#pending--;
    this.stir();
  }

  /** Handlers that wait for calm. */
  #resting = 0;

  /** Lets a handler wait until nothing more happens. Whoever waits for the handler waits on. */
  async rest(): Promise<void> {
    this.#resting++;
    await this.calm(5);
    this.#resting--;
    this.stir();
  }

  /**
   * Resolves when `isDone`, or when nothing has happened for a while. True when done.
   * @param pace `handlers`: also waits for those that rest
   */
  async until(
    isDone: () => boolean,
    { turns, milliseconds, handlers = false }: Pace = calm,
  ): Promise<boolean> {
    const isResting = () => handlers && this.#resting > 0;
    let [last, waited] = [performance.now(), 0];
    let [seen, quietTurns, quietSince] = [this.#events, 0, last];
    for (;;) {
      if (isDone()) return true;
      // Turns show what goes on here; for what goes on elsewhere a processor is left free.
      await (quietTurns < turns ? turn() : sleep(1));
      const now = performance.now();
      waited += Math.min(now - last, mostAtOnce);
      last = now;
      if (waited > patience) return false;
      if (this.#events !== seen || this.#pending > 0 || threadsWork() || isResting()) {
        [seen, quietTurns, quietSince] = [this.#events, 0, now];
      } else if (++quietTurns >= turns && now - quietSince >= milliseconds && !readsFiles(now - quietSince))
        return false;
    }
  }

  /** Resolves when nothing more happens. @param milliseconds that must pass without an event, for what takes time elsewhere */
  async calm(milliseconds = 0): Promise<void> {
    await this.until(() => false, { turns: calm.turns, milliseconds });
  }

  /** A stream of Node that is looked after: what is left of it when all is over is told. */
  stream(kind: keyof typeof sources): Readable {
    const stream = sources[kind](this);
    stream.on(errorMonitor, () => this.stir());
    this.#streams.push({ kind, stream });
    return stream;
  }

  /** A web stream, looked after likewise. */
  webStream(kind: keyof typeof pulls): ReadableStream<Uint8Array> {
    const body = { kind, over: false };
    this.#bodies.push(body);
    const next = pulls[kind](this);
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const chunk = await next();
            if (chunk !== undefined) return controller.enqueue(new TextEncoder().encode(chunk));
            controller.close();
          } catch (error) {
            controller.error(error);
          }
          body.over = true;
        },
        cancel() {
          body.over = true;
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Streams that are neither read to their end nor destroyed. */
  left(): string[] {
    const streams = this.#streams.filter(({ stream }) => !stream.destroyed && !stream.readableEnded);
    const bodies = this.#bodies.filter(({ over }) => !over);
    return [...streams, ...bodies].map(({ kind }) => kind);
  }
}

const sources = {
  text: () => Readable.from(['one ', 'two ', 'three'], { objectMode: false }),
  large: () => Readable.from(Array(24).fill('y'.repeat(1 << 16)), { objectMode: false }),
  /** The second part comes after a while. */
  slow: (lab: Lab) => Readable.from(parts(lab, 'first ', 'second'), { objectMode: false }),
  /** Fails before its first part. */
  broken: (lab: Lab) => Readable.from(parts(lab, new Error('broken')), { objectMode: false }),
  /** Fails after its first part. */
  breaks: (lab: Lab) => Readable.from(parts(lab, 'half ', new Error('breaks')), { objectMode: false }),
  /** A file that is not there. */
  missing: () => createReadStream(`${page}.missing`),
  file: () => createReadStream(page),
};

/** Milliseconds after which a file that a stream of HTTP/2 sends has been read: Node tells of it longer. */
const fileTime = 150;

/** True while a file is being read somewhere: that takes as long as it takes. @param quiet milliseconds without an event */
function readsFiles(quiet: number): boolean {
  const reading = quiet < fileTime ? /^FSReq|^FileHandle|^CloseReq/ : /^FSReq/;
  return process.getActiveResourcesInfo().some((name) => reading.test(name));
}

async function* parts(lab: Lab, ...list: (string | Error)[]): AsyncGenerator<string> {
  for (const part of list) {
    await lab.pause(2);
    if (part instanceof Error) throw part;
    yield part;
  }
}

/** Each gives the next part; `undefined`: that was all. */
const pulls = {
  text: () => from('one ', 'two ', 'three'),
  large: () => from(...Array(24).fill('y'.repeat(1 << 16))),
  slow: (lab: Lab) => from('first ', () => lab.pause(4).then(() => 'second')),
  broken: () => from(new Error('broken')),
  breaks: () => from('half ', new Error('breaks')),
  /** Gives one part, and then nothing more, without an end. */
  endless: () => from('tick ', () => new Promise<string>(() => {})),
};

function from(...list: (string | Error | (() => Promise<string>))[]): () => Promise<string | undefined> {
  const rest = [...list];
  return async () => {
    const part = rest.shift();
    if (part instanceof Error) throw part;
    return typeof part === 'function' ? part() : part;
  };
}
