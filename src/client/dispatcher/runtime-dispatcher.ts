import { CurrentDispatch } from './current-dispatch.ts';
import type { Dispatcher } from './dispatcher.ts';
import { LegacyDispatch } from './legacy-dispatch.ts';
import type { DispatchWay } from './send-by.ts';

/** Where the fetch of a Node keeps its dispatcher, and by which handlers it drives it. */
interface Place {
  readonly key: symbol;
  readonly Dispatch: DispatchWay['Dispatch'];
}

const first = Symbol.for('undici.globalDispatcher.1');
const second = Symbol.for('undici.globalDispatcher.2');

/** By the major version of the undici inside Node. One that is not here has not been tried, and its fetch is called. */
const places: Readonly<Record<string, Place>> = {
  6: { key: first, Dispatch: LegacyDispatch },
  7: { key: first, Dispatch: LegacyDispatch },
  8: { key: second, Dispatch: CurrentDispatch },
};

const place = places[globalThis.process?.versions?.undici?.split('.', 1)[0] ?? ''];

/** The handlers that the dispatcher of {@link runtimeDispatcher} takes. */
export const RuntimeDispatch: DispatchWay['Dispatch'] = place?.Dispatch ?? CurrentDispatch;

/**
 * The dispatcher that a call of the global `fetch` would use now. Nothing where that cannot be known: this is no Node that
 * was tried, `fetch` is not Node's own, or a mock stands in for the network, which matches what fetch hands it.
 */
export function runtimeDispatcher(): Dispatcher | undefined {
  if (place === undefined || !isOwn(globalThis.fetch)) return undefined;
  const dispatcher = dispatcherAt(place.key) ?? loadedDispatcher(place.key);
  return dispatcher === undefined || dispatcher.isMockActive ? undefined : dispatcher;
}

function dispatcherAt(key: symbol): Dispatcher | undefined {
  const found: Partial<Dispatcher> | undefined = Reflect.get(globalThis, key);
  return typeof found?.dispatch === 'function' ? (found as Dispatcher) : undefined;
}

/** Node loads its undici when somebody first looks at a class of it; that makes the dispatcher. */
function loadedDispatcher(key: symbol): Dispatcher | undefined {
  return typeof globalThis.Response === 'function' ? dispatcherAt(key) : undefined;
}

let known: unknown;
let knownIsOwn = false;

/**
 * True for the fetch that Node itself made: its source says how it loads undici, which no other code can. What stands in
 * for it (a mock, a wrapper, a bound one, a proxy) has another source. One of another realm, as in a sandbox of a test
 * runner, may use a dispatcher that is not seen from here.
 */
function isOwn(fetch: unknown): boolean {
  if (fetch === known) return knownIsOwn;
  known = fetch;
  knownIsOwn =
    typeof fetch === 'function' &&
    Object.getPrototypeOf(fetch) === Function.prototype &&
    sourceOfOwn.test(Function.prototype.toString.call(fetch));
  return knownIsOwn;
}

const sourceOfOwn =
  /^function fetch\(input, init = undefined\) \{.*require\('internal\/deps\/undici\/undici'\)/s;
