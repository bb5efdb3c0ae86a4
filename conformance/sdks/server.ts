import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { initTRPC } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { z } from 'zod';

/** Tells of each request that is not answered. */
export const hanging = new EventEmitter();

/** What a request said, without what each fetch says of itself. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Headers in which fetches and transports differ, and which no SDK writes. */
const ofTheFetch = [
  'host',
  'connection',
  'accept-encoding',
  'accept-language',
  'sec-fetch-mode',
  'user-agent',
  'content-length',
  'transfer-encoding',
];

const { router, procedure } = initTRPC.create();

/** The API that the tRPC client speaks to. */
export type Api = typeof api;
const api = router({
  greet: procedure.input(z.object({ name: z.string() })).query(({ input }) => `Hello ${input.name}`),
  rename: procedure.input(z.string()).mutation(({ input }) => ({ to: input })),
  count: procedure.query(async function* () {
    yield 1;
    yield 2;
  }),
});
const trpc = createHTTPHandler({ router: api, basePath: '/trpc/' });

/** A server on loopback that speaks as the services of the SDKs do. */
export async function startServices(): Promise<{
  origin: string;
  arrivals: Arrival[];
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => void answer(request, response, arrivals));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  arrivals: Arrival[],
): Promise<void> {
  const { method = '', url = '' } = request;
  const { pathname, searchParams } = new URL(url, 'http://host');
  if (pathname.startsWith('/trpc/')) return trpc(request, response);
  const body = String(await buffer(request));
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !ofTheFetch.includes(name))
      .map(([name, value]) => [name, String(value).replace(/(boundary=).*/, '$1…')]),
  );
  arrivals.push({ method, path: url, headers, body: body.replace(/--(?:-*[\w-]+?)(?=--\r\n|\r\n)/g, '--…') });
  if (pathname === '/mcp') return speakMcp(request, response, body);
  const json = (status: number, value: unknown, more = {}) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...more })
      .end(JSON.stringify(value));

  switch (`${method} ${pathname}`) {
    case 'POST /v1/customers':
      return json(
        200,
        { id: 'cus_1', object: 'customer', email: new URLSearchParams(body).get('email') },
        { 'request-id': 'req_1' },
      );
    case 'GET /v1/customers/none':
      return json(404, {
        error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such customer' },
      });
    case 'POST /v1/chat/completions':
      return JSON.parse(body).stream
        ? streamed(response)
        : json(200, {
            id: '1',
            object: 'chat.completion',
            choices: [{ index: 0, message: { role: 'assistant', content: 'hi' } }],
          });
    case 'POST /v1/files':
      return json(200, { id: 'file-1', object: 'file', type: headers['content-type'] });
    case 'GET /v1/files/f/content':
      return void response.writeHead(200).end(Buffer.from([0, 255, 1]));
    case 'GET /v1/models':
      return json(401, {
        error: { message: 'Incorrect API key', type: 'invalid_request_error', code: 'invalid_api_key' },
      });
    case 'GET /repos/o/moved':
      return void response.writeHead(301, { location: '/repos/o/r' }).end();
    case 'GET /repos/o/r':
      return json(200, { full_name: 'o/r' });
    case 'POST /repos/o/r/issues':
      return json(201, { number: 7, ...JSON.parse(body) });
    case 'POST /rest/v1/todos':
      return searchParams.has('columns')
        ? json(201, JSON.parse(body))
        : json(409, { code: '23505', message: 'duplicate key', details: null, hint: null });
    case 'HEAD /rest/v1/todos':
      return void response.writeHead(200, { 'content-range': '*/12' }).end();
    case 'GET /.well-known/openid-configuration':
      return json(200, {
        issuer: `http://${request.headers.host}`,
        token_endpoint: `http://${request.headers.host}/token`,
      });
    case 'POST /token':
      return new URLSearchParams(body).get('scope') === 'none'
        ? json(400, { error: 'invalid_scope' })
        : json(200, { access_token: 'at', token_type: 'bearer', expires_in: 60 });
    case 'POST /graphql':
    case 'GET /graphql': {
      const { query, variables } = method === 'GET' ? Object.fromEntries(searchParams) : JSON.parse(body);
      return String(query).includes('fails')
        ? json(200, { data: null, errors: [{ message: 'no such basket' }] })
        : json(200, {
            data: { title: `Book ${typeof variables === 'string' ? variables : JSON.stringify(variables)}` },
          });
    }
    case 'PUT /bucket/a%20b.txt':
      return void response.writeHead(200, { etag: '"e"' }).end();
    case 'GET /bucket/a%20b.txt':
      return void response.writeHead(200, { 'content-type': 'text/plain' }).end('file');
    case 'GET /hang':
      hanging.emit('request');
      return;
    case 'GET /items':
      return json(200, [{ id: 1, basket: searchParams.get('basket') }]);
    case 'POST /items':
      return json(201, { id: 2, ...JSON.parse(body) });
    default:
      return json(404, { message: 'Not Found' });
  }
}

/** Events, as models answer: the last piece comes apart from the first. */
function streamed(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const pieces = ['a', 'b', 'c'].map((content) => ({
    id: '1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content } }],
  }));
  const next = () => {
    const piece = pieces.shift();
    if (piece === undefined) return void response.end('data: [DONE]\n\n');
    response.write(`data: ${JSON.stringify(piece)}\n\n`);
    setImmediate(next);
  };
  next();
}

async function speakMcp(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const server = new McpServer({ name: 'books', version: '1.0.0' });
  server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  // Its types do not know exactOptionalPropertyTypes.
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  await transport.handleRequest(request, response, JSON.parse(body));
}
