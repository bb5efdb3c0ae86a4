import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeListener } from 'hallpass/node';
import type { Host } from './app.ts';
import { honoApp } from './web-hosts.ts';

export { hono, web } from './web-hosts.ts';

/** Hono behind `toNodeListener` on a port, called with fetch. */
export const honoOnNode: Host = async (app) => {
  const server = createServer(toNodeListener(honoApp(app).fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    fetch({ url, method, headers }) {
      const { pathname, search } = new URL(url);
      return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { method, headers, redirect: 'manual' });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
