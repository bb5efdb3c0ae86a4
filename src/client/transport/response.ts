import { expectType } from '../../errors/misuse.ts';
import type { Trace } from '../trace/types.ts';

/** What a body is held to while somebody reads it. */
export interface BodyWatch {
  /** True: also who reads it whole reads it by the stream below. */
  readonly inPieces: boolean;
  /** Called when somebody begins to read the whole body. */
  begins(): void;
  /** Called when the body has been read, or has failed. */
  done(): void;
  /** The typed error for a body that broke off. */
  broken(error: unknown): unknown;
  /** The body as a stream that keeps to all that. `isShared`: a clone reads the same body, so to cancel it ends nothing. */
  stream(response: Response, source: () => Octets, isShared: () => boolean): Octets;
}

type Octets = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What a response of a chain knows beyond its last hop. */
interface ChainFacts {
  readonly url: string;
  readonly redirected: boolean;
  readonly trace: Trace;
  /** Absent for a body that is here, or was read. */
  body: BodyWatch | undefined;
  /** The same answer over the stream that is watched, once somebody has asked for that. */
  streamed?: Response | undefined;
  /** True when there is a clone. */
  isShared?: boolean;
}

/**
 * Where a response keeps its facts: on itself. A WeakMap of short-lived keys would slow every collection. Bench row: undici
 * transport: 50 in flight, 20 cookies.
 */
const chain: unique symbol = Symbol('hallpass.chain');

/** What the hop loop asks of an answer: no `Headers` need be made for that. */
export interface AnswerHead {
  get(name: string): string | null;
  getSetCookie(): string[];
  /** The values of a header, each as it came; absent where they come joined. */
  valuesOf?(name: string): string[];
  /** True when the whole answer is here and its connection is free; absent where the transport cannot tell. */
  readonly ended?: boolean;
  /** Breaks the body off, with this error, once more octets than these have come; absent where the transport does not see them. */
  limitTo?(octets: number, tooLarge: () => Error): void;
  /** When the connection of an answer that has ended can be used again; absent where that is at once. */
  freed?(): Promise<void>;
}

/** Where an answer of our own transports keeps its head. */
export const head: unique symbol = Symbol('hallpass.head');

/** The head of an answer, for the hop loop: of our own transports without `Headers`, which nobody may ever ask for. */
export function headOf(response: Response & { readonly [head]?: AnswerHead }): AnswerHead {
  return response[head] ?? response.headers;
}

/** True for an answer of our own transports, which follow nothing. */
export const isOwn = (response: Response & { readonly [head]?: AnswerHead }): boolean =>
  response[head] !== undefined;

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
  expectType(response, 'object', 'The response of traceOf(response)');
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
  const before = factsOf(response)?.streamed;
  if (before !== undefined) facts.streamed = before;
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
  Object.defineProperty(Layered.prototype, 'constructor', { value: base.prototype.constructor });
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
  const own = <Name extends 'url' | 'redirected' | 'body' | 'bodyUsed'>(
    name: Name,
    response: Response,
  ): Response[Name] => Reflect.get(base, name, response);
  /** The answer whose body is read in place of this one's, if there is one. */
  const streamed = (response: Response, known: ChainFacts): Response | undefined => {
    const { body } = known;
    if (known.streamed !== undefined || body === undefined) return known.streamed;
    if (own('body', response) === null || own('bodyUsed', response)) return undefined;
    const source = () => own('body', response) as Octets;
    known.streamed = new Response(
      body.stream(response, source, () => known.isShared === true),
      response,
    );
    return known.streamed;
  };
  layer = Object.create(base, {
    [isLayer]: { value: true },
    url: getter((response) => factsOf(response)?.url ?? own('url', response)),
    redirected: getter((response) => factsOf(response)?.redirected ?? own('redirected', response)),
    body: getter((response) => {
      const known = factsOf(response);
      const stream = known && streamed(response, known)?.body;
      return stream === undefined ? own('body', response) : stream;
    }),
    bodyUsed: getter(
      (response) => own('bodyUsed', response) || factsOf(response)?.streamed?.bodyUsed === true,
    ),
    clone: method(function (this: Response) {
      const known = factsOf(this) as ChainFacts;
      known.isShared = true;
      const copy = known.streamed?.clone() ?? (base.clone.call(this) as Response);
      const { url, redirected, trace, body } = known;
      return withChainFacts(copy, { url, redirected, trace, body, isShared: true });
    }),
    ...Object.fromEntries(
      readers
        .filter((name) => name in base)
        .map((name) => [
          name,
          method(function (this: Response) {
            const known = factsOf(this);
            if (known === undefined || (known.body === undefined && known.streamed === undefined))
              return base[name].call(this);
            const inPieces = known.body?.inPieces === true ? streamed(this, known) : known.streamed;
            const wasUsed = this.bodyUsed || known.streamed?.body?.locked === true;
            const reading: Promise<unknown> =
              inPieces === undefined ? base[name].call(this) : inPieces[name]();
            if (known.body === undefined || wasUsed) return reading;
            known.body.begins();
            return readToEnd(reading, known, known.body, name);
          }),
        ]),
    ),
  }) as Response;
  layers.set(base, layer);
  return layer;
}

/** Once the body has been read, or has failed, all that the call needed for that can go, and only the trace stays. */
async function readToEnd<T>(
  reading: Promise<T>,
  facts: ChainFacts,
  body: BodyWatch,
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

const getter = (get: (response: Response) => unknown) => ({
  configurable: true,
  enumerable: true,
  get(this: Response) {
    return get(this);
  },
});

const method = (value: (this: Response) => unknown) => ({
  configurable: true,
  enumerable: true,
  writable: true,
  value,
});
