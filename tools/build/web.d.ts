// What this runtime's own types say of the web's objects, or the part of them that everybody uses where they say nothing:
// with the DOM library, @types/node, @cloudflare/workers-types or bun-types these are the types of those, and no type of
// hallpass becomes `any` where a name is missing. The build puts an import of what a declaration needs on top of it.
/// <reference lib="esnext.disposable" />

/** The type of a class of the runtime, by the name of the class. Some classes of Bun name no prototype, which is `any` then. */
type Of<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, { prototype: infer Found }>
    ? 0 extends 1 & Found
      ? Made<Name, Otherwise>
      : Found
    : Otherwise;
type Made<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, abstract new (...given: never) => infer Found> ? Found : Otherwise;

/** What the constructor of a class of the runtime takes first, or second. */
type First<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, new (first: infer Found) => unknown>
    ? NonNullable<Found>
    : Otherwise;
type Second<Name extends string, Otherwise> =
  typeof globalThis extends Record<Name, new (first: never, second?: infer Found) => unknown>
    ? NonNullable<Found>
    : Otherwise;

interface PlainHeaders {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
}

interface PlainBody {
  readonly body: PlainStream<Uint8Array<ArrayBuffer>> | null;
  readonly bodyUsed: boolean;
  readonly headers: Headers;
  arrayBuffer(): Promise<ArrayBuffer>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

interface PlainRequest extends PlainBody {
  readonly method: string;
  readonly url: string;
  readonly signal: AbortSignal;
  clone(): Request;
}

interface PlainResponse extends PlainBody {
  readonly ok: boolean;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  clone(): Response;
}

interface PlainUrl {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  username: string;
  toString(): string;
}

interface PlainSearchParams {
  toString(): string;
}

interface PlainAbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
}

interface PlainStream<Piece> {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(): { read(): Promise<{ done: boolean; value?: Piece | undefined }>; releaseLock(): void };
}

interface PlainRequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  credentials?: 'include' | 'omit' | 'same-origin';
}

export type Headers = Of<'Headers', PlainHeaders>;
export type Request = Of<'Request', PlainRequest>;
export type Response = Of<'Response', PlainResponse>;
export type URL = Of<'URL', PlainUrl>;
export type URLSearchParams = Of<'URLSearchParams', PlainSearchParams>;
export type AbortSignal = Of<'AbortSignal', PlainAbortSignal>;
/** The body of an answer. Its pieces are octets whatever is said, as they are in every runtime. */
export type ReadableStream<_Piece = unknown> = NonNullable<Response['body']>;

export type HeadersInit = First<'Headers', Record<string, string> | [string, string][] | Headers>;
export type BodyInit = First<'Response', string | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array>>;
export type RequestInit = Second<'Request', PlainRequestInit>;
export type RequestRedirect = 'error' | 'follow' | 'manual';
