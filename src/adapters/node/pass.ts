import type { ServerOptions } from '../../server/options.ts';
import { prepare, type Server } from '../../server/server.ts';
import { Visit } from '../../server/visit.ts';
import { NodeExchange } from './exchange.ts';
import type { Incoming } from './messages.ts';
import { type Proxies, prepareProxies } from './peer.ts';
import { checkTarget } from './target.ts';

/** The pipeline's options where Node's own messages come in. @typeParam Host what the hooks get */
export interface PassOptions<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> extends ServerOptions<Data, Host, Claims> {
  /** Addresses and subnets of proxies, as `127.0.0.1` and `10.0.0.0/8`: only on their connections are X-Forwarded-* headers believed. */
  trustProxy?: string | readonly string[];
}

/** Where the visits of one pass begin, whatever framework the messages of Node come through. */
export class Gate<Data extends object, Host extends unknown[], Claims extends object> {
  readonly #server: Server<Data, Host, Claims>;
  readonly #proxies: Proxies;

  /** @throws TypeError for a policy that cannot mean what it says */
  constructor(options: PassOptions<Data, Host, Claims>) {
    this.#server = prepare(options);
    this.#proxies = prepareProxies([options.trustProxy ?? []].flat());
  }

  /** @param parsedBody what a body parser has made of the body by now; unsaid: what stands in `incoming.body` */
  exchange(incoming: Incoming, parsedBody?: () => unknown): NodeExchange {
    return new NodeExchange(incoming, this.#proxies, parsedBody);
  }

  /** The answer, when this is a preflight. */
  preflight(exchange: NodeExchange): Response | undefined {
    return this.#server.cors?.preflight(exchange);
  }

  visit(exchange: NodeExchange, ...host: Host): Visit<Data, Host, Claims> {
    return new Visit(this.#server, exchange, host);
  }

  /**
   * Lets a visit pass, or gives the answer that it gets instead.
   * @throws HttpError 403 `csrf-refused`; 400 `bad-request` for a target or Host that two readers may read in two ways
   */
  admit(visit: Visit<Data, Host, Claims>, incoming: Incoming): Promise<Response | undefined> | undefined {
    checkTarget(incoming);
    return visit.admit();
  }
}

/** A place on requests, under a symbol of its own: it collides with nothing. */
export class Slot<Content> {
  readonly #key = Symbol('hallpass');

  put(request: object, content: Content): void {
    (request as Record<symbol, Content>)[this.#key] = content;
  }

  find(request: object): Content | undefined {
    return (request as Record<symbol, Content>)[this.#key];
  }

  /** @param fix what to do about a request that has not come by @throws TypeError */
  get(request: object, fix: string): Content {
    const content = this.find(request);
    if (content === undefined) throw new TypeError(`This request has no context: ${fix}`);
    return content;
  }
}
