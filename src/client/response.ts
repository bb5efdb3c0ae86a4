import type { Trace } from './trace.ts';

/** What a response of a chain knows beyond its last hop. */
interface ChainFacts {
  readonly url: string;
  readonly redirected: boolean;
  readonly trace: Trace;
  /** Called when the body has been read, or has failed. */
  readonly done: () => void;
}

const factsOf = new WeakMap<Response, ChainFacts>();

/** The trace of the call that gave this response, or a clone of it. @throws TypeError for any other response. */
export function traceOf(response: Response): Trace {
  const facts = factsOf.get(response);
  if (facts === undefined)
    throw new TypeError('This response has no trace: it did not come from a hallpass client, or was copied.');
  return facts.trace;
}

/**
 * Makes the last answer speak for the whole chain. It stays the runtime's own object, with its body untouched:
 * only its prototype gains a layer.
 */
export function speakForChain(response: Response, facts: ChainFacts): Response {
  factsOf.set(response, facts);
  return Object.setPrototypeOf(response, layerOver(Object.getPrototypeOf(response)));
}

const layers = new WeakMap<Response, Response>();
const readers = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;

/** One layer per kind of response: the runtime's own, and those of custom transports. */
function layerOver(base: Response): Response {
  let layer = layers.get(base);
  if (layer !== undefined) return layer;
  const facts = (response: Response) => factsOf.get(response) as ChainFacts;
  layer = Object.create(base, {
    url: { configurable: true, enumerable: true, get: whenOwn((response) => facts(response).url, 'url') },
    redirected: {
      configurable: true,
      enumerable: true,
      get: whenOwn((response) => facts(response).redirected, 'redirected'),
    },
    clone: method(function (this: Response) {
      const copy: Response = base.clone.call(this);
      return speakForChain(copy, { ...facts(this), done: () => {} });
    }),
    ...Object.fromEntries(
      readers
        .filter((name) => name in base)
        .map((name) => [
          name,
          method(function (this: Response) {
            const reading: Promise<unknown> = base[name].call(this);
            const { done } = facts(this);
            reading.then(done, done);
            return reading;
          }),
        ]),
    ),
  }) as Response;
  layers.set(base, layer);
  return layer;

  function whenOwn<T>(read: (response: Response) => T, name: 'url' | 'redirected') {
    return function (this: Response): T | unknown {
      return factsOf.has(this) ? read(this) : Reflect.get(base, name, this);
    };
  }
}

const method = (value: (this: Response) => unknown) => ({
  configurable: true,
  enumerable: true,
  writable: true,
  value,
});
