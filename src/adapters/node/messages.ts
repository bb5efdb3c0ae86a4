import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request of node:http, or of node:http2's compatibility layer. */
export type Incoming = IncomingMessage | Http2ServerRequest;

/** A response of node:http, or of node:http2's compatibility layer. */
export type Outgoing = ServerResponse | Http2ServerResponse;

/** True when the connection of a response is over, or its stream: there is nobody left to send to. */
export function isClosed(outgoing: Outgoing): boolean {
  return 'stream' in outgoing ? outgoing.stream.destroyed : outgoing.destroyed;
}

/** True for a response that has closed before it had gone out whole: its client went away. */
export function wasCutOff(outgoing: Outgoing): boolean {
  // The stream of HTTP/2 that a client resets is ended by Node, as if all had been written.
  return !outgoing.writableFinished || ('stream' in outgoing && outgoing.stream.aborted);
}

/** False in runtimes that have node:http in their own way: what lies under its messages is another matter there. */
export const isNode: boolean = !('bun' in process.versions || 'deno' in process.versions);
