import type { Duplex } from 'node:stream';

/** The end of a connection, put off until what was written before it has gone out. */
export interface DeferredEnding {
  /** True once the application has destroyed the stream: what it writes then goes nowhere. */
  readonly isDestroyed: boolean;
  /** Lets the stream end, and ends it where that was asked for meanwhile. */
  release(): void;
}

type Ending = 'destroy' | 'end' | 'close';

/**
 * Takes the calls that end a stream, the application's own and those of Node when a client closes its half: what waits was
 * written before, so it goes out before.
 * @param isOver asked at `destroy`: is there nobody left to send to? Then it ends at once.
 */
export function deferEnding(
  stream: Duplex,
  names: readonly Ending[],
  isOver: (error: unknown) => boolean,
): DeferredEnding {
  const target = stream as unknown as Record<Ending, (...args: unknown[]) => unknown>;
  const restoring: (() => void)[] = [];
  const asked: (() => unknown)[] = [];
  let isDestroyed = false;
  let isReleased = false;

  for (const name of names) {
    const isOwn = Object.hasOwn(target, name);
    const original = target[name];
    restoring.push(() => {
      if (isOwn) target[name] = original;
      else delete (target as Partial<typeof target>)[name];
    });
    target[name] = function (...args) {
      if (isReleased) return Reflect.apply(original, this, args);
      asked.push(() => Reflect.apply(original, stream, args));
      if (name !== 'destroy') return this;
      if (isOver(args[0])) release();
      else if (!isDestroyed) reportAsDestroyed();
      return this;
    };
  }

  function reportAsDestroyed(): void {
    isDestroyed = true;
    Object.defineProperty(stream, 'destroyed', { value: true, configurable: true });
  }

  function release(): void {
    if (isReleased) return;
    isReleased = true;
    if (isDestroyed) delete (stream as Partial<Duplex>).destroyed;
    for (const restore of restoring) restore();
    for (const ending of asked) ending();
  }

  return {
    get isDestroyed() {
      return isDestroyed;
    },
    release,
  };
}
