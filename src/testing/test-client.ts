import { type Client, type ClientOptions, createClient } from '../client/index.ts';
import { clientShape } from '../client/options.ts';
import { fetchTransport } from '../client/transport/fetch.ts';
import type { Transport } from '../client/transport/transport.ts';
import { checkOptions } from '../errors/misuse.ts';
import { toUrl } from '../scope/origin.ts';
import { pageHeaders } from './page.ts';

/** A web-standard request handler: Hono's `app.fetch`, a pipeline, a Worker. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** A handler, an object that has one, the origin of a running server, or a handler for each of several origins. */
export type WebApp =
  | FetchHandler
  | { fetch: FetchHandler }
  | string
  | { origins: Record<string, FetchHandler | { fetch: FetchHandler }> };

/**
 * What a test client can talk to: beside web apps a `node:http` listener, as an Express app, `fastify.routing` and Koa's
 * `callback()` are. Such a listener is told from a {@link FetchHandler} by its second parameter.
 */
export type TestApp = WebApp | ((incoming: never, outgoing: never, ...rest: never[]) => unknown);

/**
 * Those of a client. Default: `baseUrl` is https://testserver and `initiator` the page there. `transport` reaches what no app
 * stands for.
 */
export type TestClientOptions = ClientOptions;

type Handler = (request: Request) => unknown;

/**
 * The real client with your app in place of the network: same hop loop, same jar, same verdicts, no sockets.
 * One app stands for every port of `baseUrl`'s host, over http and https; to anything else a call fails.
 * It speaks as a browser's page at `baseUrl` does (SameSite, `Sec-Fetch-Site`, `Origin`); a call's own headers win, and
 * `initiator: 'program'` turns it off.
 * @throws TypeError for what is no app, or an origin that is none.
 *
 * @example
 * ```ts
 * import { createTestClient } from 'hallpass/testing';
 *
 * const app = (request: Request) =>
 *   new Response(request.headers.get('cookie') ?? 'no cookie', { headers: { 'set-cookie': 'seen=yes; Secure' } });
 *
 * const visitor = createTestClient(app);
 * console.log(await visitor.get('/').text()); // → no cookie
 * console.log(await visitor.get('/').text()); // → seen=yes
 * ```
 */
export function createTestClient(app: WebApp, options?: TestClientOptions): Client;
export function createTestClient(app: TestApp, options?: TestClientOptions): Client;
export function createTestClient(app: TestApp, options: TestClientOptions = {}): Client {
  checkOptions(options, clientShape, 'createTestClient');
  const { baseUrl, handlerFor } = openApp(app, options.baseUrl);
  const outside = typeof app === 'string' ? fetchTransport : noNetwork;

  const transportFor = ({ initiator, transport = outside }: TestClientOptions): Transport => {
    const reach: Transport = (request) => {
      const handler = handlerFor(new URL(request.url));
      return handler === undefined ? transport(request) : ask(handler, request);
    };
    return typeof initiator === 'object' ? asPage(toUrl(initiator.page), reach) : reach;
  };
  const visitor = (client: Client, present: TestClientOptions): Client => {
    const changedTo = (changed: TestClientOptions) => {
      const next = { ...present, ...changed };
      return visitor(client.with({ ...changed, transport: transportFor(next) }), next);
    };
    const members = Object.getOwnPropertyDescriptors(client);
    members.with = { ...members.with, value: changedTo };
    return Object.freeze(Object.defineProperties({} as Client, members));
  };
  const own = { ...options, baseUrl, initiator: options.initiator ?? { page: baseUrl } };
  return visitor(createClient({ ...own, transport: transportFor(own) }), own);
}

interface OpenedApp {
  readonly baseUrl: string | URL;
  handlerFor(url: URL): Handler | undefined;
}

function openApp(app: TestApp, given: string | URL | undefined): OpenedApp {
  if (typeof app === 'string') return { baseUrl: given ?? originOf(app), handlerFor: () => undefined };
  if (typeof app === 'object' && app !== null && 'origins' in app) {
    const entries = Object.entries(app.origins).map(
      ([text, one]) => [originOf(text), toHandler(one)] as const,
    );
    const handlers = new Map(entries);
    const [first = 'https://testserver'] = handlers.keys();
    return { baseUrl: given ?? first, handlerFor: (url) => handlers.get(url.origin) };
  }
  const baseUrl = toUrl(given ?? 'https://testserver');
  const handler = toHandler(app);
  return { baseUrl, handlerFor: (url) => (url.hostname === baseUrl.hostname ? handler : undefined) };
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url !== null && text.replace(/\/$/, '').toLowerCase() === url.origin) return url.origin;
  throw new TypeError(
    `Not an origin: ${JSON.stringify(text)}. Write scheme and host, as https://api.example.com.`,
  );
}

const notAnApp = 'Not an app: give a handler, { fetch }, a Node listener, an origin or { origins }.';

function toHandler(app: unknown): Handler {
  if (hasFetch(app)) return (request) => app.fetch(request);
  if (typeof app !== 'function') throw new TypeError(notAnApp);
  if (app.length < 2) return app as FetchHandler;
  let listening: Promise<Handler> | undefined;
  return async (request) => {
    listening ??= import('../adapters/node.ts').then(({ fromNodeListener }) =>
      fromNodeListener(app as never),
    );
    return (await listening)(request);
  };
}

function hasFetch(app: unknown): app is { fetch: Handler } {
  return app != null && typeof (app as { fetch?: unknown }).fetch === 'function';
}

async function ask(handler: Handler, { url, ...init }: Parameters<Transport>[0]): Promise<Response> {
  const request = new Request(url, { ...init, redirect: 'manual', duplex: 'half' } as RequestInit);
  const response = await handler(request);
  if (!isResponse(response)) {
    throw new TypeError(
      'The app answered with no Response. A Node listener declares two parameters: (request, response).',
    );
  }
  // A response of its own: the app may keep the one it gave, or have fetched it from elsewhere itself.
  return new Response(init.method === 'HEAD' ? null : response.body, response);
}

/** By what it has: frameworks bring classes of their own, and replace the runtime's. */
function isResponse(answer: unknown): answer is Response {
  return (
    answer instanceof Response ||
    (typeof answer === 'object' &&
      answer !== null &&
      'headers' in answer &&
      'status' in answer &&
      'body' in answer)
  );
}

const noNetwork: Transport = async ({ url }) => {
  throw new TypeError(
    `No app stands for ${new URL(url).origin} in this test client: name it in { origins }.`,
  );
};

/** Adds to every request what a browser would. All hops of one call share its signal, so a chain is known by it. */
function asPage(page: URL, reach: Transport): Transport {
  const chains = new WeakMap<AbortSignal, URL[]>();
  return (request) => {
    const chain = [...(chains.get(request.signal) ?? []), new URL(request.url)];
    chains.set(request.signal, chain);
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(pageHeaders(page, chain, request.method))) {
      if (!headers.has(name)) headers.set(name, value);
    }
    return reach({ ...request, headers });
  };
}
