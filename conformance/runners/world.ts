import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLab } from 'hallpass/testing/lab';
import type { World } from '../world.ts';

/** A world for one run of the suites. */
export interface RunningWorld extends AsyncDisposable {
  readonly world: World;
  /** The certificate of the lab's TLS origin, PEM. */
  readonly ca: string;
}

export async function startWorld(): Promise<RunningWorld> {
  const lab = await startLab();
  const log = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(lab.log));
  });
  const closed = await serve(() => {});
  await closed.stop();
  return {
    world: { origins: lab.origins, closed: closed.origin, log: log.origin },
    ca: lab.ca,
    async [Symbol.asyncDispose]() {
      await Promise.all([lab.close(), log.stop()]);
    },
  };
}

async function serve(listener: RequestListener): Promise<{ origin: string; stop(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
