// API Gateway with its events of version 2.0, on this machine: what it hands to a function, and what it makes of the result.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { handler } from './handler.ts';

const gateway = createServer(async (req, res) => {
  const { pathname, search } = new URL(req.url, 'http://localhost');
  const { cookie, ...headers } = req.headers;
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    cookies: cookie?.split('; ') ?? [],
    headers,
    requestContext: {
      stage: '$default',
      http: {
        method: req.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.9',
        userAgent: '',
      },
    },
    body: await text(req),
    isBase64Encoded: false,
  };
  const result = await handler(event, {}, () => {});
  const lines = [result.headers['set-cookie'] ?? [], result.cookies ?? []].flat();
  res.writeHead(result.statusCode, { ...result.headers, 'set-cookie': lines });
  res.end(Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'));
});
gateway.listen(Number(process.env.PORT), 'localhost');
