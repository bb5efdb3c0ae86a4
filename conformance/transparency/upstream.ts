import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What the gzipped answer says: it is much longer than its octets. */
const decoded = 'upstream '.repeat(200);

/** What another server has to say. */
const answers = {
  plain: { body: Buffer.from('{"from":"upstream"}'), headers: { 'content-type': 'application/json' } },
  gzip: {
    body: gzipSync(decoded),
    headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
  },
  empty: { body: Buffer.alloc(0), headers: { 'x-upstream': '1' } },
} as const;

export type UpstreamPath = keyof typeof answers;

/** Starts the server that handlers fetch from. It keeps no process alive. */
export async function startUpstream(): Promise<(path: UpstreamPath) => string> {
  const server = createServer((req, res) => {
    const { body, headers } = answers[(req.url ?? '').slice(1) as UpstreamPath];
    res.writeHead(200, { ...headers, 'content-length': body.length }).end(body);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return (path) => `http://127.0.0.1:${port}/${path}`;
}
