const addresses = new WeakMap<Request, string>();

/** Remembers who sent a request: a `Request` itself does not know. */
export function setPeerAddress(request: Request, address: string): void {
  addresses.set(request, address);
}

/** The address of the peer, where the request came through `toNodeListener`. */
export function peerAddressOf(request: Request): string | undefined {
  return addresses.get(request);
}
