import { ignore } from '../../errors/ignore.ts';
import { checkOptions, expectType, refuseOwnCall, type Shape } from '../../errors/misuse.ts';
import { HttpError } from '../../errors.ts';
import { isResponse, isThrownResponse } from '../../server/error-answer.ts';
import { withHead } from '../../server/response-copy.ts';
import { type Incoming, type Outgoing, wasCutOff } from './messages.ts';
import { toRequest } from './request.ts';
import { respond, restart } from './respond.ts';
import { prepareTrustedProxies, type TrustProxy } from './trusted-proxies.ts';

/** What node:http and node:http2 call for every request. */
export type NodeListener = (incoming: Incoming, outgoing: Outgoing) => void;

/** What a web handler gets beside the request: Node's own objects, for what `Request` cannot say. */
export interface NodePlatform {
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
}

/** Options of {@link toNodeListener}. */
export interface ToNodeOptions {
  /**
   * Addresses and subnets of proxies, as `127.0.0.1` and `10.0.0.0/8`: only on their connections are X-Forwarded-* headers
   * believed. An object says which headers they write, and whether the host in them counts. Default: none is believed.
   */
  trustProxy?: TrustProxy;
  /** Gets what the handler let escape, but for a `Response`, which is its answer; the client gets a bare 500. Default: `console.error`. */
  onError?(error: unknown): void;
}

const nodeListenerShape: Shape<ToNodeOptions> = { trustProxy: 'any', onError: 'function' };

/**
 * Serves a handler of `Request` and `Response` with node:http or node:http2: `createServer(toNodeListener(app.fetch))`.
 * `request.signal` aborts when the client goes away. @throws TypeError for a proxy that is no address
 *
 * @example
 * ```ts
 * import { once } from 'node:events';
 * import { createServer } from 'node:http';
 * import type { AddressInfo } from 'node:net';
 * import { toNodeListener } from 'hallpass/node';
 *
 * const server = createServer(toNodeListener((request) => new Response(new URL(request.url).pathname))).listen(0);
 * await once(server, 'listening');
 * const { port } = server.address() as AddressInfo;
 * console.log(await (await fetch(`http://localhost:${port}/hello`)).text()); // → /hello
 * server.close();
 * ```
 */
export function toNodeListener(
  handler: (request: Request, platform: NodePlatform) => Response | Promise<Response>,
  options: ToNodeOptions = {},
): NodeListener {
  expectType(handler, 'function', 'The handler of toNodeListener(handler, options)');
  checkOptions(options, nodeListenerShape, 'toNodeListener');
  const proxies = prepareTrustedProxies(options.trustProxy);
  const onError = options.onError ?? console.error;

  return async (incoming, outgoing) => {
    if (typeof incoming?.on !== 'function' || typeof outgoing?.once !== 'function')
      refuseOwnCall('createServer(toNodeListener(handler))', 'Node calls this listener, with every request');
    let hasGone = false;
    incoming.on('error', ignore); // The client went away, which `close` tells.
    outgoing.once('close', () => {
      hasGone = wasCutOff(outgoing);
    });
    const method = incoming.method ?? 'GET';
    try {
      const request = toRequest(incoming, outgoing, proxies);
      let answer: Response;
      try {
        answer = await handler(request, { incoming, outgoing });
      } catch (thrown) {
        if (!isThrownResponse(thrown)) throw thrown;
        answer = thrown;
      }
      if (!isResponse(answer))
        throw new TypeError(
          'The handler of toNodeListener(handler) gives a Response: return new Response(…), or Response.json(…).',
        );
      await respond(answer, outgoing, method);
    } catch (error) {
      if (hasGone) return;
      const isOurs = error instanceof HttpError;
      if (!isOurs) onError(error);
      const answer = isOurs ? error.getResponse() : Response.json({ error: 'internal' }, { status: 500 });
      // The cookies of the answer in whose place it goes stay on it.
      const kept = withHead(answer, (head) => head.set('cache-control', 'no-store'));
      await restart(kept, outgoing, method);
    }
  };
}
