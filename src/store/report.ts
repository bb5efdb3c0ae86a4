import { after, hmac, type Mac, randomBytes } from '../crypto/index.ts';
import { notify } from '../errors.ts';
import type { Clock } from '../time.ts';

/** Tells of a happening, and of which row. */
export type Report<Happening> = (happening: Happening, selector?: string) => void;

/** A happening with when (ms since 1970) and, under the name `As`, where: a keyed hash of the selector. */
export type Reported<Happening, As extends string> = Happening & { readonly at: number } & {
  readonly [Name in As]?: string;
};

const hashLength = 16;

/**
 * A reporter for this listener. A listener that throws or rejects breaks nothing.
 * @param as the property that names the row. The key of the hash is this process's own, so no log leads to a selector.
 */
export function reporter<Happening extends object, As extends string>(
  listener: ((event: Reported<Happening, As>) => unknown) | undefined,
  clock: Clock,
  as: As,
): Report<Happening> {
  if (listener === undefined) return () => {};
  // Made at the first event: a worker has no randomness before its first request.
  let name: Mac | undefined;

  return (happening, selector) => {
    const at = clock.now();
    const report = (row: object) => listener({ ...happening, at, ...row } as Reported<Happening, As>);
    notify(() => {
      if (selector === undefined) return report({});
      name ??= hmac(randomBytes(32));
      return after(name(selector), (hash) => report({ [as]: hash.slice(0, hashLength) }));
    });
  };
}
