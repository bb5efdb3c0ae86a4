import type { Transport } from 'hallpass/client';
import type { startLab } from 'hallpass/testing/lab';

/** Servers on loopback that redirect wherever they are told to. */
export type Lab = Awaited<ReturnType<typeof startLab>>;

/** The URL at `origin` that answers with a redirect to `target`. */
export function redirectTo(origin: string, target: string, status = 302): string {
  return `${origin}/redirect-to?${new URLSearchParams({ url: target, status_code: String(status) })}`;
}

/** The URL that starts a chain through each of these origins and ends at `target`. */
export function through(origins: readonly string[], target: string): string {
  return origins.reduceRight((next, origin) => redirectTo(origin, next), target);
}

/**
 * Lets the lab answer to every host name, as an entry in /etc/hosts would: its TLS server for https, its first plain
 * server for http. The client knows nothing of it and judges the names.
 */
export function anyName({ origins, transport }: Lab): Transport {
  return (request) => {
    const { protocol, pathname, search } = new URL(request.url);
    const server = protocol === 'https:' ? origins.tls : origins.a;
    return transport({ ...request, url: `${server}${pathname}${search}` });
  };
}
