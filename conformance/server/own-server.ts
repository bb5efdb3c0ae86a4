import type { Host } from './app.ts';
import { forward } from './forward.ts';
import { web } from './web-hosts.ts';

type Handler = (request: Request) => Promise<Response>;

/** As far as the servers of Bun and Deno are used here. */
interface Runtimes {
  Bun?: {
    serve(o: { port: 0; hostname: string; fetch: Handler }): { port: number; stop(now: true): Promise<void> };
  };
  Deno?: {
    serve(
      o: { port: 0; hostname: string; onListen(): void },
      handler: Handler,
    ): { addr: { port: number }; shutdown(): Promise<void> };
  };
}

const hostname = '127.0.0.1';
const serve = findServer();

/** `pipeline` on the server that this runtime has of its own, called with fetch over a port. */
export const ownServer: Host = async (app) => {
  const { fetch: handler } = await web(app);
  const { port, close } = serve(handler);
  return { fetch: (request) => forward(request, `http://${hostname}:${port}`), close };
};

function findServer(): (handler: Handler) => { port: number; close(): Promise<void> } {
  const { Bun, Deno } = globalThis as Runtimes;
  if (Bun !== undefined) {
    return (handler) => {
      const server = Bun.serve({ port: 0, hostname, fetch: handler });
      return { port: server.port, close: () => server.stop(true) };
    };
  }
  if (Deno !== undefined) {
    return (handler) => {
      const server = Deno.serve({ port: 0, hostname, onListen() {} }, handler);
      return { port: server.addr.port, close: () => server.shutdown() };
    };
  }
  throw new Error('This runtime has no server of its own that speaks Request and Response.');
}
