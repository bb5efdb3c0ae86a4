import type { Trace } from '../trace/types.ts';

/** Who wants to know how the reading of a body ends. */
export interface BodyEnd {
  /** Called when the body has been read, or has failed. */
  done(): void;
  /** The typed error for a body that broke off. */
  broken(error: unknown): unknown;
}

/** What a response of a chain knows beyond its last hop. */
interface ChainFacts {
  readonly url: string;
  readonly redirected: boolean;
  readonly trace: Trace;
  /** Absent for a body that is here, or was read. */
  body: BodyEnd | undefined;
}

/** Where a response keeps its facts: on itself. A WeakMap of short-lived keys would slow every collection. */
const chain: unique symbol = Symbol('hallpass.chain');

/** What the hop loop asks of an answer: no `Headers` need be made for that. */
export interface AnswerHead {
  get(name: string): string | null;
  getSetCookie(): string[];
  /** True when the whole answer is here and its connection is free; absent where the transport cannot tell. */
  readonly ended?: boolean;
  /** Breaks the body off, with this error, once more octets than these have come; absent where the transport does not see them. */
  limitTo?(octets: number, tooLarge: () => Error): void;
  /** When the connection of an answer that has ended can be used again; absent where that is at once. */
  freed?(): Promise<void>;
}

/** Where an answer of our own transports keeps its head. */
export const head: unique symbol = Symbol('hallpass.head');

export function headOf(response: Response & { readonly [head]?: AnswerHead }): AnswerHead {
  return response[head] ?? response.headers;
}

const factsOf = (response: Response & { [chain]?: ChainFacts }): ChainFacts | undefined => response[chain];

/**
 * The trace of the call that gave this response, or a clone of it.
 * @throws TypeError for any other response.
 * @example
 * ```ts
 * import { bearer, createClient, traceOf } from 'hallpass/client';
 *
 * const client = createClient({
 *   credentials: bearer('a-token', { for: 'https://api.example.com' }),
 *   transport: async () => new Response('text'),
 * });
 * const [hop] = traceOf(await client.fetch('https://other.example/')).hops;
 * console.log(hop?.secrets[0]?.verdict.reasons[0]?.code); // → scope-other-host
 * ```
 */
export function traceOf(response: Response): Trace {
  const facts = factsOf(response);
  if (facts === undefined)
    throw new TypeError('This response has no trace: it did not come from a hallpass client, or was copied.');
  return facts.trace;
}

/**
 * Gives the last answer the URL, the redirects and the trace of the whole chain. It stays the runtime's own object, with
 * its body untouched: only its prototype gains a layer.
 */
export function withChainFacts(response: Response, facts: ChainFacts): Response {
  (response as { [chain]?: ChainFacts })[chain] = facts;
  return isLayer in response
    ? response
    : Object.setPrototypeOf(response, layerOver(Object.getPrototypeOf(response)));
}

/** The same class of responses, with the layer from the start. */
export function layered<Made extends Response, Arguments extends unknown[]>(
  base: new (...of: Arguments) => Made,
): new (
  ...of: Arguments
) => Made {
  const Layered = class extends (base as unknown as new (...of: unknown[]) => Response) {};
  Object.setPrototypeOf(Layered.prototype, layerOver(base.prototype));
  return Layered as never;
}

const isLayer: unique symbol = Symbol('hallpass.layer');

const layers = new WeakMap<Response, Response>();
const readers = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;
type Reader = (typeof readers)[number];

/** One layer per kind of response: the runtime's own, and those of custom transports. */
function layerOver(base: Response): Response {
  let layer = layers.get(base);
  if (layer !== undefined) return layer;
  const facts = (response: Response) => factsOf(response) as ChainFacts;
  layer = Object.create(base, {
    [isLayer]: { value: true },
    url: { configurable: true, enumerable: true, get: whenOwn((response) => facts(response).url, 'url') },
    redirected: {
      configurable: true,
      enumerable: true,
      get: whenOwn((response) => facts(response).redirected, 'redirected'),
    },
    clone: method(function (this: Response) {
      const copy: Response = base.clone.call(this);
      const { body, ...known } = facts(this);
      return withChainFacts(copy, { ...known, body: body && { ...body, done: () => {} } });
    }),
    ...Object.fromEntries(
      readers
        .filter((name) => name in base)
        .map((name) => [
          name,
          method(function (this: Response) {
            const reading: Promise<unknown> = base[name].call(this);
            const known = factsOf(this);
            return known?.body === undefined ? reading : readToEnd(reading, known, known.body, name);
          }),
        ]),
    ),
  }) as Response;
  layers.set(base, layer);
  return layer;

  function whenOwn<T>(read: (response: Response) => T, name: 'url' | 'redirected') {
    return function (this: Response): T | unknown {
      return factsOf(this) === undefined ? Reflect.get(base, name, this) : read(this);
    };
  }
}

/** Once the body has been read, or has failed, all that the call needed for that can go, and only the trace stays. */
async function readToEnd<T>(
  reading: Promise<T>,
  facts: ChainFacts,
  body: BodyEnd,
  reader: Reader,
): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw isOfReader(error, reader) ? error : body.broken(error);
  } finally {
    body.done();
    facts.body = undefined;
  }
}

/** True where the body came and the reader objects: it is no JSON, no form, or was read before. */
function isOfReader(error: unknown, reader: Reader): boolean {
  if (error instanceof SyntaxError || reader === 'formData') return true;
  return error instanceof TypeError && /unusable|already|locked|disturbed|consumed/i.test(error.message);
}

const method = (value: (this: Response) => unknown) => ({
  configurable: true,
  enumerable: true,
  writable: true,
  value,
});
