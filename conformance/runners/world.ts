import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net';
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
  const closed = await takenPort();
  return {
    world: { origins: lab.origins, closed: closed.origin, log: log.origin },
    ca: lab.ca,
    async [Symbol.asyncDispose]() {
      closed.free();
      await Promise.all([lab.close(), log.stop()]);
    },
  };
}

/** An origin where nobody listens, and nobody can: its port is the near end of a connection. */
async function takenPort(): Promise<{ origin: string; free(): void }> {
  const far = createNetServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(far, 'listening');
  const near = connect((far.address() as AddressInfo).port, '127.0.0.1');
  await once(near, 'connect');
  const free = () => {
    near.destroy();
    far.close();
  };
  return { origin: `http://127.0.0.1:${near.localPort}`, free };
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
