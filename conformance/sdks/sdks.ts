import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { request as octokit } from '@octokit/request';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { HttpRequest } from '@smithy/protocol-http';
import { PostgrestClient } from '@supabase/postgrest-js';
import { createTRPCClient, httpBatchStreamLink, httpLink } from '@trpc/client';
import { fetchExchange, Client as UrqlClient } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import * as oauth from 'oauth4webapi';
import { createFetch } from 'ofetch';
import OpenAI, { toFile } from 'openai';
import createApi from 'openapi-fetch';
import Stripe from 'stripe';
import { type Api, hanging } from './server.ts';

type Fetch = typeof fetch;

/** What one SDK is asked to do. Each call gives plain data; an error of the SDK is given as `outcomeOf` gives it. */
type Calls = Readonly<Record<string, (fetch: Fetch, origin: string) => Promise<unknown>>>;

/** What an SDK tells of a failure, as far as it does not say when or where. */
const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    (value) => ({ value }),
    (error) => ({
      name: error.name,
      type: error.type,
      code: error.code,
      status: error.status ?? error.statusCode,
      message: error.message,
    }),
  );

/** What an SDK does when its call is aborted while the server is silent. */
function aborted(call: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const stop = new AbortController();
  const ended = outcomeOf(call(stop.signal));
  hanging.once('request', () => stop.abort());
  return ended;
}

const all = async <T>(pieces: AsyncIterable<T>) => {
  const list: T[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
};

const stripe = (fetch: Fetch, origin: string) => {
  const { hostname: host, port } = new URL(origin);
  const httpClient = Stripe.createFetchHttpClient(fetch);
  return new Stripe('sk_test_1', {
    host,
    port,
    protocol: 'http',
    httpClient,
    maxNetworkRetries: 0,
    telemetry: false,
  });
};
const openai = (fetch: Fetch, origin: string) =>
  new OpenAI({ apiKey: 'k', baseURL: `${origin}/v1`, fetch, maxRetries: 0 });
const chat = { model: 'm', messages: [{ role: 'user' as const, content: 'ä' }] };
const postgrest = (fetch: Fetch, origin: string) =>
  new PostgrestClient(`${origin}/rest/v1`, { fetch, headers: { apikey: 'anon' } });
const urql = (fetch: Fetch, origin: string) =>
  new UrqlClient({ url: `${origin}/graphql`, exchanges: [fetchExchange], fetch, preferGetMethod: false });
const trpc = (fetch: Fetch, origin: string) =>
  createTRPCClient<Api>({ links: [httpLink({ url: `${origin}/trpc`, fetch })] });
const s3 = (fetch: Fetch) => new FetchHttpHandler({ customFetch: fetch } as object);
const object = (origin: string, method: string, more: object = {}) => {
  const { hostname, port, host } = new URL(origin);
  const headers = { host, authorization: 'AWS4-HMAC-SHA256 Credential=a, Signature=b' };
  return new HttpRequest({
    protocol: 'http:',
    hostname,
    port: Number(port),
    method,
    path: '/bucket/a%20b.txt',
    headers,
    ...more,
  });
};
const discovered = async (fetch: Fetch, origin: string) => {
  const options = { [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: true };
  const issuer = new URL(origin);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  return { server, options };
};
const granted = async (fetch: Fetch, origin: string, scope: string) => {
  const { server, options } = await discovered(fetch, origin);
  const client = { client_id: 'id' };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic('secret'),
    { scope },
    options,
  );
  return oauth.processClientCredentialsResponse(server, client, response);
};

export const sdks: Readonly<Record<string, Calls>> = {
  Stripe: {
    'sends a form': (fetch, origin) =>
      stripe(fetch, origin).customers.create({ email: 'ada@example.com' }, { idempotencyKey: 'once' }),
    'tells an error': (fetch, origin) => outcomeOf(stripe(fetch, origin).customers.retrieve('none')),
  },
  OpenAI: {
    'sends JSON': (fetch, origin) => openai(fetch, origin).chat.completions.create(chat),
    'streams events': async (fetch, origin) =>
      all(await openai(fetch, origin).chat.completions.create({ ...chat, stream: true })),
    'sends a file': async (fetch, origin) =>
      openai(fetch, origin).files.create({
        file: await toFile(Buffer.from('{}'), 'a.jsonl'),
        purpose: 'batch',
      }),
    'gets octets': async (fetch, origin) => [
      ...new Uint8Array(await (await openai(fetch, origin).files.content('f')).arrayBuffer()),
    ],
    'tells an error': (fetch, origin) =>
      outcomeOf(
        openai(fetch, origin)
          .models.list()
          .then(() => {}),
      ),
    'is aborted': (fetch, origin) => aborted((signal) => openai(fetch, origin).get('/../hang', { signal })),
    'stops a stream': async (fetch, origin) => {
      const stream = await openai(fetch, origin).chat.completions.create({ ...chat, stream: true });
      for await (const _ of stream) break;
      return stream.controller.signal.aborted;
    },
  },
  Octokit: {
    'sends JSON': async (fetch, origin) => {
      const headers = { authorization: 'token t' };
      const options = { baseUrl: origin, owner: 'o', repo: 'r', title: 'é', headers, request: { fetch } };
      return (await octokit('POST /repos/{owner}/{repo}/issues', options)).data;
    },
    'follows a repository that has moved': async (fetch, origin) =>
      (await octokit('GET /repos/o/moved', { baseUrl: origin, request: { fetch } })).data,
    'tells an error': (fetch, origin) =>
      outcomeOf(octokit('GET /repos/o/none', { baseUrl: origin, request: { fetch } })),
    'is aborted': (fetch, origin) =>
      aborted((signal) => octokit('GET /hang', { baseUrl: origin, request: { fetch, signal } })),
  },
  Supabase: {
    'inserts rows': async (fetch, origin) =>
      await postgrest(fetch, origin)
        .from('todos')
        .insert([{ id: 1, text: 'ü' }])
        .select(),
    'counts by HEAD': async (fetch, origin) =>
      await postgrest(fetch, origin).from('todos').select('*', { count: 'exact', head: true }),
    'tells an error': async (fetch, origin) => await postgrest(fetch, origin).from('todos').insert({ id: 1 }),
  },
  urql: {
    'sends a mutation': async (fetch, origin) => {
      const { data, error } = await urql(fetch, origin).mutation('mutation M($id: Int) { title(id: $id) }', {
        id: 1,
      });
      return { data, error: error?.message };
    },
    'tells an error': async (fetch, origin) =>
      (await urql(fetch, origin).query('{ fails }', {})).error?.message,
  },
  tRPC: {
    'asks and changes': async (fetch, origin) => [
      await trpc(fetch, origin).greet.query({ name: 'Ada' }),
      await trpc(fetch, origin).rename.mutate('Grace'),
    ],
    'streams a batch': async (fetch, origin) => {
      const client = createTRPCClient<Api>({
        links: [httpBatchStreamLink({ url: `${origin}/trpc`, fetch })],
      });
      const [greeting, count] = await Promise.all([
        client.greet.query({ name: 'Ada' }),
        client.count.query(),
      ]);
      return [greeting, await all(count)];
    },
    'tells an error': async (fetch, origin) => {
      const { name, data } = await trpc(fetch, origin)
        .greet.query({ name: 1 as unknown as string })
        .catch((error) => error);
      return [name, data.code, data.httpStatus];
    },
  },
  oauth4webapi: {
    'finds a server and gets a token': (fetch, origin) => granted(fetch, origin, 'read'),
    'tells an error': (fetch, origin) => outcomeOf(granted(fetch, origin, 'none')),
  },
  'openapi-fetch': {
    'sends and asks': async (fetch, origin) => {
      // biome-ignore lint/suspicious/noExplicitAny: an API without types
      const client = createApi<any>({ baseUrl: origin, fetch });
      const { data, error } = await client.POST('/items', { body: { title: 'x' } });
      const none = await client.GET('/none', {});
      return [data, error, none.data, none.error, none.response.status];
    },
  },
  ofetch: {
    'sends and asks': async (fetch, origin) => {
      const ask = createFetch({ fetch });
      return [
        await ask('/items', { baseURL: origin, query: { basket: 'a b' } }),
        await ask('/items', { baseURL: origin, method: 'POST', body: { title: 'x' } }),
      ];
    },
    'tells an error': (fetch, origin) => outcomeOf(createFetch({ fetch })(`${origin}/none`, { retry: 0 })),
    'is aborted': (fetch, origin) =>
      aborted((signal) => createFetch({ fetch })(`${origin}/hang`, { signal, retry: 0 })),
  },
  'graphql-request': {
    'asks by POST and by GET': async (fetch, origin) => [
      await new GraphQLClient(`${origin}/graphql`, { fetch }).request(
        'query Q($id: Int) { title(id: $id) }',
        { id: 1 },
      ),
      await new GraphQLClient(`${origin}/graphql`, { fetch, method: 'GET' }).request(
        'query Q($id: Int) { title(id: $id) }',
        { id: 2 },
      ),
    ],
    'tells an error': (fetch, origin) =>
      new GraphQLClient(`${origin}/graphql`, { fetch })
        .request('{ fails }')
        .catch((error) => error.response.errors),
  },
  MCP: {
    'calls a tool': async (fetch, origin) => {
      const client = new McpClient({ name: 'reader', version: '1.0.0' });
      const transport = new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { fetch });
      // Its types do not know exactOptionalPropertyTypes.
      await client.connect(transport as Parameters<typeof client.connect>[0]);
      const { tools } = await client.listTools();
      const { content } = await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } });
      await client.close();
      return [tools.map(({ name }) => name), content];
    },
  },
  'AWS (Smithy)': {
    'puts text, octets and a stream': async (fetch, origin) => {
      const statuses: number[] = [];
      for (const body of ['text', new Uint8Array([1, 2, 3]), new Blob(['blob']).stream()]) {
        const known = typeof body === 'string' || body instanceof Uint8Array;
        const request = object(origin, 'PUT', { body });
        if (known) request.headers['content-length'] = String(body.length);
        statuses.push((await s3(fetch).handle(request)).response.statusCode);
      }
      return statuses;
    },
    'gets a stream': async (fetch, origin) => {
      const { response } = await s3(fetch).handle(object(origin, 'GET'));
      return [
        response.statusCode,
        response.headers['content-type'],
        await new Response(response.body).text(),
      ];
    },
    'is aborted': (fetch, origin) =>
      aborted((abortSignal) => s3(fetch).handle(object(origin, 'GET', { path: '/hang' }), { abortSignal })),
  },
};
