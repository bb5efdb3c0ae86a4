import { once } from 'node:events';
import { type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { Readable } from 'node:stream';
import type { Transport } from '../../client/transport/transport.ts';
import { expectType } from '../../errors/misuse.ts';

/**
 * A transport for `createClient` that trusts this certificate (PEM) and no other: global fetch cannot be told to do so
 * for one client only. It follows no redirects, and reads a request's body whole before it sends it.
 */
export function trustingTransport(ca: string): Transport {
  return async (given) => {
    expectType(given?.url, 'string', 'The url of the request that lab.transport(request) sends');
    const { url, method, headers, body, signal } = given;
    const request = new Request(url, { method, headers, body, duplex: 'half' } as RequestInit);
    const content = Buffer.from(await request.arrayBuffer());
    const options = { method, headers: Object.fromEntries(request.headers), signal };
    const outgoing = url.startsWith('https:') ? secure(url, { ...options, ca }) : plain(url, options);
    outgoing.on('error', () => {}); // one that comes after the answer began is told to the reader of its body
    outgoing.end(content);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return toResponse(incoming);
  };
}

const withoutBody = new Set([204, 205, 304]);

function toResponse(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  }
  const init = { status, statusText, headers };
  if (!withoutBody.has(status)) return new Response(Readable.toWeb(incoming) as ReadableStream, init);
  incoming.resume();
  return new Response(null, init);
}
