import type { CompiledScope } from '../../scope/scope.ts';
import { type HeaderPair, mayGoAnywhere, type ReplacedCookies, takeApart } from './headers.ts';

/** A header of a client, and where it belongs: to each call's first origin when that is absent. */
interface ClientHeader {
  readonly pair: HeaderPair;
  readonly scope: CompiledScope | undefined;
}

/** The headers of a client. Their scope was fixed when they were given. */
export interface ClientHeaders {
  readonly all: readonly ClientHeader[];
  /** Those that may go to any origin. */
  readonly travelling: readonly HeaderPair[];
  readonly scoped: readonly ClientHeader[];
  readonly cookie: ClientCookie | undefined;
}

/** The literal Cookie header of a client. */
interface ClientCookie {
  readonly text: string;
  readonly scope: CompiledScope | undefined;
  readonly replaced: ReplacedCookies;
}

/** Reads headers over those of the client that this one is made from. @throws TypeError for a header that a client cannot have. */
export function readClientHeaders(
  init: HeadersInit | undefined,
  scope: CompiledScope | undefined,
  listed: ReadonlySet<string>,
  inherited: ClientHeaders | undefined,
): ClientHeaders {
  const { travelling, scoped, cookie } = takeApart(init, listed);
  const own = [...travelling, ...scoped].map((pair) => ({ pair, scope }));
  const kept = inherited?.all.filter(({ pair: [name] }) => !own.some(({ pair }) => pair[0] === name)) ?? [];
  const all = [...kept, ...own];
  return {
    all,
    travelling: all.map(({ pair }) => pair).filter(([name]) => mayGoAnywhere(name, listed)),
    scoped: all.filter(({ pair: [name] }) => !mayGoAnywhere(name, listed)),
    cookie: cookie === undefined ? inherited?.cookie : { text: cookie, scope, replaced: new Set() },
  };
}
