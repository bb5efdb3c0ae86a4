import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on the first of these hosts that this machine has, and says which. */
export async function listenOnFirst(server: Server, hosts: readonly string[], port: number): Promise<string> {
  const [host = '127.0.0.1', ...others] = hosts;
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return host;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL';
    if (missing && others.length > 0) return listenOnFirst(server, others, port);
    throw error;
  }
}
