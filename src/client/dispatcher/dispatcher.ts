/** What undici and Node's fetch send requests by: a pool of connections, a proxy, a mock, or one of them within another. */
export interface Dispatcher {
  dispatch(options: DispatchOptions, handler: object): boolean;
  /** True for a mock of undici that stands in for the network. */
  readonly isMockActive?: boolean;
}

/** A request as a dispatcher takes it. */
export interface DispatchOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** By name, or names and values in turn. */
  readonly headers: Readonly<Record<string, string>> | readonly string[];
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | null;
  /** 0: what follows redirects within a dispatcher leaves this one alone. */
  readonly maxRedirections: 0;
  /** In milliseconds; 0 for no end. Default: the dispatcher's own. */
  readonly headersTimeout: number | undefined;
  readonly bodyTimeout: number | undefined;
}

/** What a request that is under way can be told. */
export interface DispatchController {
  abort(reason: Error): void;
  resume(): void;
}

/** Headers of an answer by lower-case name. */
export type HeaderRecord = Record<string, string | string[] | undefined>;
