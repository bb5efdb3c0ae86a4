const peers = new WeakMap<Request, string>();

/** Remembers who sent a request: a `Request` itself does not know. */
export function setPeer(request: Request, address: string): void {
  peers.set(request, address);
}

/** The address of the peer, where the request came through `toNodeListener`. */
export function peerOf(request: Request): string | undefined {
  return peers.get(request);
}
