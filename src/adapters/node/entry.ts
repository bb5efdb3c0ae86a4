import { asError } from '../../errors/as-error.ts';
import type { Shape } from '../../errors/misuse.ts';
import type { AnsweringOptions, ServerOptions } from '../../server/options.ts';
import { type PreparedOptions, prepare } from '../../server/prepare.ts';
import { RequestRun } from '../../server/request-run.ts';
import { NodeExchange } from './exchange.ts';
import { NodeHead } from './head.ts';
import type { Incoming, Outgoing } from './messages.ts';
import { checkTarget } from './request-target.ts';
import { prepareTrustedProxies, type TrustedProxies, type TrustProxy } from './trusted-proxies.ts';

/** The pipeline's options where Node's own messages come in. @typeParam Host what the hooks get */
export interface NodeOptions<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> extends ServerOptions<Data, Host, Claims> {
  /**
   * Addresses and subnets of proxies, as `127.0.0.1` and `10.0.0.0/8`: only on their connections are X-Forwarded-* headers
   * believed. An object says which headers they write, and whether the host in them counts. Default: none is believed.
   */
  trustProxy?: TrustProxy;
}

/** Where Node's messages enter a pipeline, whatever framework they come through. */
export class PipelineEntry<Data extends object, Host extends unknown[], Claims extends object> {
  readonly #options: PreparedOptions<Data, Host, Claims>;
  readonly #proxies: TrustedProxies;

  /**
   * @param own the shape of options that only this host reads
   * @throws TypeError for a policy that cannot mean what it says
   */
  constructor(
    options: NodeOptions<Data, Host, Claims> & AnsweringOptions<Data, Host, Claims>,
    own?: Shape<object>,
  ) {
    this.#options = prepare(options, { trustProxy: 'any', ...own });
    this.#proxies = prepareTrustedProxies(options.trustProxy);
  }

  /** @param parsed has the `body` that a body parser has made by the time it is asked. Default: the message itself */
  exchange(incoming: Incoming, parsed?: object): NodeExchange {
    return new NodeExchange(incoming, this.#proxies, parsed);
  }

  /** The answer, when this is a preflight. */
  preflight(exchange: NodeExchange, host: Host): Response | undefined {
    try {
      return this.#options.preflight(exchange, host);
    } catch (thrown) {
      throw asError(thrown);
    }
  }

  /** False: `markCors` writes nothing. */
  get hasCors(): boolean {
    return this.#options.cors !== undefined;
  }

  /** Writes CORS headers on an answer that is made before any hook of its framework. */
  markCors(incoming: Incoming, outgoing: Outgoing): void {
    this.#options.cors?.mark(this.exchange(incoming), new NodeHead(outgoing));
  }

  run(exchange: NodeExchange, host: Host): RequestRun<Data, Host, Claims> {
    return new RequestRun(this.#options, exchange, host);
  }

  /**
   * Lets a request in, or gives the answer that it gets instead.
   * @throws HttpError 403 `csrf-refused`; 400 `bad-request` for a target or Host that two readers may read in two ways
   */
  admit(run: RequestRun<Data, Host, Claims>, incoming: Incoming): Promise<Response | undefined> | undefined {
    checkTarget(incoming);
    return run.admit();
  }
}
