import type { Duplex } from 'node:stream';

/** The end of a connection, put off until what was written before it has gone out. */
export interface DeferredEnding {
  /** True once the application has destroyed the stream: what it writes then goes nowhere. */
  isDestroyed(): boolean;
  /** Says that the whole answer is here: what is asked a turn later would, without a wait, end nothing of it. */
  answerEnded(): void;
  /** Another answer is written, which waits for nothing: what ends the stream from now on ends it at once. What was asked still waits. */
  reopen(): void;
  /** Runs what sends what waits. Node sends nothing to a stream that says of itself that it is destroyed. */
  send(sending: () => void): void;
  /** Lets the stream end, and ends it where that was asked for meanwhile: at once, or, after a whole answer, when that has had its turn. */
  release(): void;
}

type EndMethod = 'destroy' | 'end' | 'close';

interface EndingRules {
  /** Asked at `destroy`: is there nobody left to send to? Then it ends at once. */
  isOver(error: unknown): boolean;
  /** True: a stream that the application has destroyed says so at once. Node must not ask it the same. */
  readonly isReported: boolean;
  /** Called when the end is asked for the first time, by the application or by Node whose client has closed its half. */
  onAsked?(): void;
  /** Called when the application destroys the stream. */
  onDestroyed?(error: unknown): void;
}

/**
 * Takes the calls that end a stream, the application's own and those of Node when a client closes its half: what waits was
 * written before, so it goes out before.
 */
export function deferEnding(
  stream: Duplex,
  names: readonly EndMethod[],
  { isOver, isReported, onAsked, onDestroyed }: EndingRules,
): DeferredEnding {
  const target = stream as unknown as Record<EndMethod, (...args: unknown[]) => unknown>;
  const restoring: (() => void)[] = [];
  const asked: { isLate: boolean; isTurnsLate: boolean; end(): unknown }[] = [];
  let destroyed = false;
  let state: 'waiting' | 'reopened' | 'sending' | 'free' = 'waiting';
  /** Whether the whole answer is here, and whether a turn has passed since. */
  let [isWhole, isEnded, isTurnsLate] = [false, false, false];

  for (const name of names) {
    const isOwn = Object.hasOwn(target, name);
    const original = target[name];
    function deferred(this: Duplex, ...args: unknown[]): unknown {
      // An end loses nothing of what is being sent: an answer that says close is the last, and no request is read behind it.
      if (state === 'sending' && name === 'end' && asked.length === 0) free();
      const isDeferred = state === 'waiting' || (state === 'sending' && isEnded);
      if (!isDeferred) return Reflect.apply(original, this, args);
      if (asked.length === 0) onAsked?.();
      asked.push({ isLate: isEnded, isTurnsLate, end: () => Reflect.apply(original, stream, args) });
      if (name !== 'destroy') return this;
      if (isOver(args[0])) free();
      else if (!destroyed) markAsDestroyed(args[0]);
      return this;
    }
    target[name] = deferred;
    restoring.push(() => {
      if (target[name] !== deferred) return; // Somebody has put a function round it, which stays.
      if (isOwn) target[name] = original;
      else delete (target as Partial<typeof target>)[name];
    });
  }

  function markAsDestroyed(error: unknown): void {
    destroyed = true;
    onDestroyed?.(error);
    if (isReported) report();
  }

  function report(): void {
    Object.defineProperty(stream, 'destroyed', { value: true, configurable: true });
  }

  function reportAsItIs(): void {
    if (destroyed && isReported) delete (stream as Partial<Duplex>).destroyed;
  }

  function free(): void {
    if (state === 'free') return;
    state = 'free';
    reportAsItIs();
    for (const restore of restoring) restore();
    for (const { end } of asked) end();
  }

  return {
    isDestroyed: () => destroyed,
    answerEnded() {
      isWhole = true;
      const over = () => {
        isEnded = true;
      };
      process.nextTick(() => process.nextTick(over));
      // Express ends the connection of an answer behind which something was thrown a turn later, before anything more is read.
      setImmediate(() =>
        setImmediate(() => {
          isTurnsLate = true;
        }),
      );
    },
    reopen() {
      if (state === 'waiting') state = 'reopened';
    },
    send(sending) {
      const isReporting = destroyed && isReported && state !== 'free';
      if (!isReporting) return sending();
      reportAsItIs();
      try {
        sending();
      } finally {
        report();
      }
    },
    release() {
      if (!isWhole || asked.some(({ isLate }) => !isLate)) return free();
      state = 'sending';
      // Node sends nothing more on one that is destroyed, not the next answer either, whose turn it would have been.
      if (asked.every((one) => one.isTurnsLate)) reportAsItIs();
      setImmediate(() => setImmediate(free));
    },
  };
}

/** True for what the system says of a connection: there is nobody at its other end. */
export const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;
