import { lookup } from 'node:dns/promises';
import { isLoopback } from '../../scope/origin.ts';

/** True for a host that is this machine. A name below localhost is what the resolver makes of it. */
export async function isThisMachine(
  hostname: string,
  resolve: (name: string, all: { all: true }) => Promise<{ address: string; family: number }[]> = lookup,
): Promise<boolean> {
  if (!isLoopback(hostname) || !hostname.endsWith('.localhost')) return isLoopback(hostname);
  const found = await resolve(hostname, { all: true }).catch(() => []);
  return (
    found.length > 0 &&
    found.every(({ address, family }) => isLoopback(family === 6 ? `[${address}]` : address))
  );
}
