import type { ConnectionOptions } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { checkOptions, having, type Shape } from '../../errors/misuse.ts';
import { CurrentDispatch } from '../dispatcher/current-dispatch.ts';
import { acceptedEncodings } from '../dispatcher/decode.ts';
import type { Dispatcher as AnyDispatcher } from '../dispatcher/dispatcher.ts';
import { type DispatchWay, sendBy } from '../dispatcher/send-by.ts';
import { ownTransport, type Transport, type WireRequest } from '../transport/transport.ts';
import type { Upload } from '../transport/upload.ts';
import { guarded } from './guard.ts';
import { proxyDispatcher } from './proxy.ts';

/** How {@link undiciTransport} connects. */
export interface UndiciOptions {
  /** Sends the requests, with its own connections, timeouts and interceptors. Stands alone, without the other options. Default: a new `Agent` of undici. */
  dispatcher?: Dispatcher;
  /**
   * The proxy's URL; its user and password go to the proxy only. `'env'`: what the environment variables HTTP_PROXY, HTTPS_PROXY
   * (default: HTTP_PROXY) and NO_PROXY say, in lower or upper case, as they are now. Default: none.
   */
  proxy?: string | URL;
  /** How TLS connections are made: `ca`, `cert`, `key`, `rejectUnauthorized` and the like of `node:tls`. Default: Node's own. */
  tls?: ConnectionOptions;
  /**
   * True: connects to addresses of the public internet only, judged after the name was resolved, at every hop. What is
   * private, loopback, link-local, unique-local, shared or a cloud's metadata service is an error, `address-refused`. Default: false.
   */
  guard?: boolean;
}

const undiciShape: Shape<UndiciOptions> = {
  dispatcher: having('a dispatcher of undici, as new Agent()', 'dispatch'),
  proxy: 'string|object',
  tls: 'object',
  guard: 'boolean',
};

/**
 * A transport for `createClient` on Node that goes past `fetch` to undici, at half its cost.
 * @throws TypeError for options that exclude each other, and for an undici before 7.
 * @example
 * ```ts
 * import { createClient } from 'hallpass/client';
 * import { undiciTransport } from 'hallpass/client/undici';
 * import { startLab } from 'hallpass/testing/lab';
 *
 * await using lab = await startLab();
 * const guarded = createClient({ transport: undiciTransport({ guard: true }) });
 * const error = await guarded.get(lab.origins.a).catch((failure) => failure);
 * console.log(error.code); // → address-refused
 * ```
 */
export function undiciTransport(options: UndiciOptions = {}): Transport {
  checkOptions(options, undiciShape, 'undiciTransport');
  const dispatcher = dispatcherFor(options);
  // Dispatchers had them before undici 7, which brought the handlers that are used here.
  if ('interceptors' in dispatcher) {
    throw new TypeError(
      'hallpass/client/undici needs undici 7 or above, and found an older one: npm install undici@latest.',
    );
  }
  const send = Object.assign(
    (request: WireRequest) => sendBy(dispatcher as unknown as AnyDispatcher, request, way),
    { beginsWith: 'connect', endsInTime: true } as const,
  );
  return ownTransport(() => send);
}

function dispatcherFor({ dispatcher, proxy, tls, guard = false }: UndiciOptions): Dispatcher {
  if (dispatcher !== undefined) {
    if (proxy !== undefined || tls !== undefined || guard)
      throw new TypeError('A dispatcher makes its own connections: give proxy, tls and guard to it instead.');
    return dispatcher;
  }
  if (proxy !== undefined) {
    if (guard)
      throw new TypeError(
        'The guard cannot see behind a proxy, which resolves names itself: leave one of them out.',
      );
    return proxyDispatcher(proxy, tls);
  }
  // The deadlines of the call decide how long a connection may take.
  const connect = { ...(tls as object), timeout: 0 };
  return new Agent({ connect: guard ? guarded(connect) : connect });
}

const way: DispatchWay = { Dispatch: CurrentDispatch, headers: wireHeaders, timeout: 0 };

/** Names and values in turn, with what `fetch` would add. */
function wireHeaders({ headers }: WireRequest, body: Upload | undefined): string[] {
  const flat: string[] = [];
  let accept = false;
  let agent = false;
  let encoding: string | undefined = acceptedEncodings;
  let type = body?.type;
  for (const [name, value] of headers) {
    flat.push(name, value);
    if (name === 'accept') accept = true;
    else if (name === 'user-agent') agent = true;
    else if (name === 'accept-encoding') encoding = undefined;
    else if (name === 'range' && encoding !== undefined) encoding = 'identity';
    else if (name === 'content-type') type = undefined;
  }
  if (!accept) flat.push('accept', '*/*');
  if (!agent) flat.push('user-agent', 'hallpass');
  if (encoding !== undefined) flat.push('accept-encoding', encoding);
  if (type !== undefined) flat.push('content-type', type);
  if (body?.length !== undefined) flat.push('content-length', String(body.length));
  return flat;
}
