import type { AsyncLocalStorage } from 'node:async_hooks';
import { setNewest } from '../../errors/set-newest.ts';
import type { HopView } from '../../scope/hop.ts';
import { type Clock, systemClock } from '../../time.ts';

/** Gets a new token in place of one that a hop was refused with. */
type Refresh = (rejected: string, hop: HopView) => Promise<string>;

/** Tokens that were replaced are remembered up to this many: a function that gives an old one again gets the new one. */
const rememberedTokens = 16;

/** The tokens of one bearer: which stands for which, and one flight for all hops that were refused with the same one. */
export class RefreshedTokens {
  readonly #refresh: Refresh;
  /** Milliseconds. */
  readonly #timeout: number;
  readonly #clock: Clock;
  /** The present token for each that was replaced; those that were given again are the last to be forgotten. */
  readonly #present = new Map<string, string>();
  readonly #flights = new Map<string, Promise<void>>();
  readonly #sentOn = new WeakMap<HopView, string>();

  constructor(refresh: Refresh, timeout: number, clock: Clock) {
    this.#refresh = refresh;
    this.#timeout = timeout;
    this.#clock = clock;
  }

  /** The token that stands for `given` now; remembers what goes out on this hop. */
  send(given: string, hop: HopView): string {
    const present = this.#present.get(given);
    if (present !== undefined) setNewest(this.#present, given, present, rememberedTokens);
    const token = present ?? given;
    this.#sentOn.set(hop, token);
    return token;
  }

  /** True once there is another token for a hop that was refused: one flight for all of them. */
  async replace(hop: HopView): Promise<boolean> {
    const rejected = this.#sentOn.get(hop);
    if (rejected === undefined || isInside(this)) return false;
    if (this.#present.has(rejected)) return true;
    let flight = this.#flights.get(rejected);
    if (flight === undefined) {
      flight = inside(this, () => this.#fly(rejected, hop)).finally(() => this.#flights.delete(rejected));
      this.#flights.set(rejected, flight);
    }
    await flight;
    return true;
  }

  async #fly(rejected: string, hop: HopView): Promise<void> {
    const landed = new AbortController();
    try {
      const fresh = await Promise.race([this.#refresh(rejected, hop), this.#tooLate(landed.signal)]);
      this.#replaceBy(checkedToken(fresh, 'The refresh'), rejected);
    } finally {
      landed.abort();
    }
  }

  async #tooLate(landed: AbortSignal): Promise<never> {
    await (this.#clock.delay ?? systemClock.delay)?.call(this.#clock, this.#timeout, landed);
    throw new Error(`The refresh gave no token within ${this.#timeout} ms (refreshTimeout of the bearer).`);
  }

  /** `fresh` stands for the token that was refused, and for all that this one stood for. */
  #replaceBy(fresh: string, rejected: string): void {
    for (const [old, present] of this.#present) if (present === rejected) this.#present.set(old, fresh);
    setNewest(this.#present, rejected, fresh, rememberedTokens);
    this.#present.delete(fresh);
  }
}

/** @throws TypeError for what is no token, without repeating it. */
export function checkedToken(token: unknown, source: 'The refresh' | 'The token function'): string {
  if (typeof token === 'string' && token !== '') return token;
  throw new TypeError(`${source} of a bearer gives a token: text that is not empty.`);
}

/** The refreshes that the running code was called by, the innermost first. */
interface Inside {
  readonly tokens: RefreshedTokens;
  readonly outer: Inside | undefined;
}

type AsyncHooks = typeof import('node:async_hooks');

/** Knows what a call was made by. Node's, which Bun, Deno and workerd have too; a program that refreshes nothing has none. */
let context: AsyncLocalStorage<Inside> | undefined;

function inside<T>(tokens: RefreshedTokens, work: () => T): T {
  const hooks: AsyncHooks | undefined = globalThis.process?.getBuiltinModule?.('node:async_hooks');
  context ??= hooks && new hooks.AsyncLocalStorage<Inside>();
  return context === undefined ? work() : context.run({ tokens, outer: context.getStore() }, work);
}

/** True for a call that a refresh of these tokens makes: it must not wait for that refresh. */
function isInside(tokens: RefreshedTokens): boolean {
  let at = context?.getStore();
  while (at !== undefined && at.tokens !== tokens) at = at.outer;
  return at !== undefined;
}
