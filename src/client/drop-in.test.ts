import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';
import { ClientError, GraphQLClient, gql } from 'graphql-request';
import { createFetch, FetchError, ofetch } from 'ofetch';
import createApi from 'openapi-fetch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure as failureOf } from '../../tools/test/failure.ts';
import {
  bearer,
  type CallInit,
  type Client,
  createClient,
  NetworkError,
  type RedirectOptions,
  traceOf,
} from './index.ts';

const token = 'hp-secret-drop-in';
const servers: Server[] = [];
let home: string;
let away: string;
let client: Client;

interface Arrival {
  origin: string;
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}
const arrivals: Arrival[] = [];
let onHanging: () => void = () => {};

beforeAll(async () => {
  home = await serve();
  away = await serve();
});
beforeEach(() => {
  arrivals.length = 0;
  client = clientOf({ crossOriginBody: true });
});
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

const clientOf = (redirect: RedirectOptions) =>
  createClient({ credentials: bearer(token, { for: home }), redirect, timeout: '10s' });

/** The same small API on a port of its own: REST under `/books`, GraphQL under `/graphql`, and redirects to both. */
async function serve(): Promise<string> {
  const server = createServer((request, response) => void answer(origin, request, response));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return origin;
}

const schema = buildSchema(
  'type Query { title(id: Int!): String!  fails: String }  type Mutation { rename(to: String!): String! }',
);
const root = {
  title: ({ id }: { id: number }) => `Book ${id}`,
  rename: ({ to }: { to: string }) => to,
  fails: () => Promise.reject(new Error('no such genre')),
};

async function answer(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  const { pathname, searchParams } = new URL(path, origin);
  const body = await text(request);
  arrivals.push({ origin, method, path, headers, body });
  const send = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

  if (pathname.startsWith('/hang/')) return onHanging();
  if (pathname === '/books' && method === 'POST') return void send(201, { id: 3, ...JSON.parse(body) });
  if (pathname === '/books') return void send(200, { at: origin, genre: searchParams.get('genre') });
  if (pathname === '/books/2' && method === 'DELETE') return void response.writeHead(204).end();
  if (pathname === '/busy' && arrivals.length === 1) return void send(503, {});
  if (pathname === '/busy') return void send(200, { at: origin });
  if (pathname === '/graphql') {
    const { query, variables } = method === 'GET' ? Object.fromEntries(searchParams) : JSON.parse(body);
    const variableValues = typeof variables === 'string' ? JSON.parse(variables) : variables;
    return void send(200, await graphql({ schema, source: query, rootValue: root, variableValues }));
  }
  const [, kind, target] = /^\/(sign-in|away)(\/.*)$/.exec(pathname) ?? [];
  if (kind === undefined) return void send(404, { message: 'no such page' });
  if (kind === 'sign-in') response.setHeader('set-cookie', 'sid=hp-secret-sid; Path=/; HttpOnly');
  response.writeHead(307, { location: `${kind === 'away' ? away : home}${target}` }).end();
}

interface Api {
  '/books': {
    get: {
      parameters: { query?: { genre?: string } };
      responses: { 200: { content: { 'application/json': { at: string; genre: string | null } } } };
    };
    post: {
      requestBody: { content: { 'application/json': { title: string } } };
      responses: { 201: { content: { 'application/json': { id: number; title: string } } } };
    };
  };
  '/books/{id}': {
    delete: { parameters: { path: { id: number } }; responses: { 204: { content?: never } } };
  };
  '/nowhere': { get: { responses: { 404: { content: { 'application/json': { message: string } } } } } };
}

const titleQuery = gql`query Title($id: Int!) { title(id: $id) }`;

/** What every library does with a fetch, in its own words: asks for `path` and gives the data. */
const libraries: readonly {
  name: string;
  path: string;
  ask(fetch: Client['fetch'], path: string, signal?: AbortSignal): Promise<unknown>;
}[] = [
  {
    name: 'openapi-fetch',
    path: '/books',
    ask: async (fetch, path, signal) => {
      const api = createApi<Record<string, Api['/books']>>({ baseUrl: home, fetch });
      return (await api.GET(path, { signal })).data;
    },
  },
  {
    name: 'ofetch',
    path: '/books',
    ask: (fetch, path, signal) => createFetch({ fetch })(path, { baseURL: home, signal, method: 'GET' }),
  },
  {
    name: 'graphql-request',
    path: '/graphql',
    ask: (fetch, path, signal) =>
      new GraphQLClient(`${home}${path}`, { fetch }).request({
        document: titleQuery,
        variables: { id: 1 },
        signal,
      }),
  },
];

describe.each(libraries)('$name', ({ path, ask }) => {
  it('S9 sends the bearer in its scope', async () => {
    expect(await ask(client.fetch, path)).toBeTruthy();
    expect(arrivals.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`]);
  });

  it('carries a cookie that a redirect set, at the next hop and in the next call', async () => {
    await ask(client.fetch, `/sign-in${path}`);
    await ask(client.fetch, path);
    const sid = 'sid=hp-secret-sid';
    expect(arrivals.map(({ headers }) => headers.cookie)).toEqual([undefined, sid, sid]);
  });

  it('S3 S8 gets the answer of another origin, which gets no bearer', async () => {
    expect(await ask(client.fetch, `/away${path}`)).toBeTruthy();
    expect(arrivals.map(({ origin, headers }) => [origin, headers.authorization])).toEqual([
      [home, `Bearer ${token}`],
      [away, undefined],
    ]);
  });

  it('aborts a call under way, and the reason arrives', async () => {
    const controller = new AbortController();
    const reason = new DOMException('The reader left.', 'AbortError');
    const hanging = new Promise<void>((resolve) => {
      onHanging = resolve;
    });
    const failing = failureOf(ask(client.fetch, `/hang${path}`, controller.signal));
    await hanging;
    controller.abort(reason);
    const failure = await failing;
    expect([failure, failure.cause]).toContain(reason);
    expect(arrivals).toHaveLength(1);
  });

  it('reads a response of which somebody keeps a clone; both tell their trace', async () => {
    const kept: Response[] = [];
    const fetch: Client['fetch'] = async (input, init) => {
      const response = await client.fetch(input, init);
      kept.push(response.clone());
      return response;
    };
    const data = await ask(fetch, `/away${path}`);
    const [clone] = kept as [Response];
    expect(JSON.stringify(await clone.json())).toContain(JSON.stringify(data));
    expect(traceOf(clone).hops.map(({ status }) => status)).toEqual([307, 200]);
    expect([clone.url, clone.redirected]).toEqual([`${away}${path}`, true]);
  });

  it('hands on the typed error of a server that is not there', async () => {
    const gone = createClient({ transport: () => Promise.reject(new TypeError('fetch failed')) });
    const failure = await failureOf(ask(gone.fetch, path));
    expect([failure, failure.cause].some((error) => error instanceof NetworkError)).toBe(true);
  });
});

it('init.signal null unties a Request from its signal, as in fetch', async () => {
  const request = new Request(`${home}/books`, { signal: AbortSignal.abort() });
  await expect(client.fetch(request)).rejects.toMatchObject({ name: 'AbortError' });
  expect((await client.fetch(request, { signal: null })).status).toBe(200);
});

describe('openapi-fetch in detail', () => {
  const api = () => createApi<Api>({ baseUrl: home, fetch: client.fetch });

  it('sends a query, and a JSON body with its type', async () => {
    const { data: found } = await api().GET('/books', { params: { query: { genre: 'b 2' } } });
    expect(found).toEqual({ at: home, genre: 'b 2' });
    const { data: made, response } = await api().POST('/books', { body: { title: 'Emma' } });
    expect([made, response.status]).toEqual([{ id: 3, title: 'Emma' }, 201]);
    expect(arrivals[1]).toMatchObject({
      body: '{"title":"Emma"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('tells errors and empty answers from data', async () => {
    const { data, error, response } = await api().GET('/nowhere');
    expect([data, error, response.status]).toEqual([undefined, { message: 'no such page' }, 404]);
    const gone = await api().DELETE('/books/{id}', { params: { path: { id: 2 } } });
    expect([gone.data, gone.response.status]).toEqual([undefined, 204]);
  });

  it('keeps what its middleware writes for one call at home', async () => {
    const sdk = api();
    sdk.use({
      onRequest({ request }) {
        request.headers.set('x-api-key', 'hp-secret-middleware');
        return request;
      },
      onResponse: ({ response }) => new Response(response.body, response),
    });
    const { data } = await sdk.GET('/away/books' as '/books');
    expect(data?.at).toBe(away);
    expect(arrivals.map(({ headers }) => headers['x-api-key'])).toEqual(['hp-secret-middleware', undefined]);
  });

  it('X3 sends a body through a 307 at home; without leave it does not go elsewhere, and the 307 is the answer', async () => {
    const fetch = clientOf({}).fetch;
    const sdk = createApi<Api>({ baseUrl: home, fetch });
    const init = { body: { title: 'Emma' } };
    expect((await sdk.POST('/sign-in/books' as '/books', init)).data).toEqual({ id: 3, title: 'Emma' });
    expect((await sdk.POST('/away/books' as '/books', init)).response.status).toBe(307);
    expect(arrivals.filter(({ origin }) => origin === away)).toEqual([]);
  });
});

describe('ofetch in detail', () => {
  const sdk = () => ofetch.create({ baseURL: home }, { fetch: client.fetch });

  it('sends JSON and a query, and its raw answer speaks for the chain', async () => {
    expect(await sdk()('/books', { method: 'POST', body: { title: 'Emma' } })).toEqual({
      id: 3,
      title: 'Emma',
    });
    const raw = await sdk().raw('/away/books', { query: { genre: 'x' } });
    expect([raw.url, raw.redirected, raw._data]).toEqual([`${away}/books`, true, { at: away, genre: null }]);
    expect(traceOf(raw).hops).toHaveLength(2);
  });

  it('makes its own error of a 404, and retries what its own rules say', async () => {
    const failure = await sdk()('/nowhere').catch((error) => error);
    expect(failure).toBeInstanceOf(FetchError);
    expect([failure.status, failure.data]).toEqual([404, { message: 'no such page' }]);
    arrivals.length = 0;
    expect(await sdk()('/busy')).toEqual({ at: home });
    expect(arrivals).toHaveLength(2);
  });

  it('streams', async () => {
    const stream: ReadableStream<Uint8Array> = await sdk()('/books', { responseType: 'stream' });
    expect(await new Response(stream).json()).toEqual({ at: home, genre: null });
  });

  it('S32 ends at its own timeout, in milliseconds; a line keeps it from being read as seconds', async () => {
    const failure = await failureOf(sdk()('/hang/books', { timeout: 100, retry: false }));
    expect(failure.cause).toMatchObject({ name: 'TimeoutError' });
    const misread = await failureOf(sdk()('/books', { timeout: 5000, retry: false }));
    expect(misread.cause).toMatchObject({ name: 'TypeError', message: expect.stringContaining('5000ms') });
    const own = createFetch({
      fetch: (input, { timeout: _, ...init }: CallInit = {}) => client.fetch(input, init),
    });
    expect(await own('/books', { baseURL: home, timeout: 5000 })).toMatchObject({ at: home });
  });
});

describe('graphql-request in detail', () => {
  const sdk = (method: 'GET' | 'POST' = 'POST') =>
    new GraphQLClient(`${home}/graphql`, { fetch: client.fetch, method });

  it('asks by POST and by GET, and changes by POST', async () => {
    for (const method of ['POST', 'GET'] as const)
      expect(await sdk(method).request(titleQuery, { id: 7 })).toEqual({ title: 'Book 7' });
    expect(await sdk('GET').request(gql`mutation { rename(to: "Emma") }`)).toEqual({ rename: 'Emma' });
    expect(arrivals.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  it('makes its own error of what the server objects to', async () => {
    const failure = await sdk()
      .request('{ fails }')
      .catch((error) => error);
    expect(failure).toBeInstanceOf(ClientError);
    expect(failure.response.errors[0].message).toBe('no such genre');
    const { status, headers } = await sdk().rawRequest(titleQuery, { id: 7 });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  });

  it('X3 does not take a query to another origin without leave', async () => {
    const fetch = clientOf({}).fetch;
    const failure = await new GraphQLClient(`${home}/away/graphql`, { fetch })
      .request(titleQuery, { id: 7 })
      .catch((error) => error);
    expect(failure).toBeInstanceOf(ClientError);
    expect(failure.response.status).toBe(307);
    expect(arrivals.map(({ origin }) => origin)).toEqual([home]);
  });
});
