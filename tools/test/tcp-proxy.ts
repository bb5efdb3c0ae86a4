import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a client and a server on loopback, which can go wrong. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** The next answer of the server is lost with its connection: what was asked has been carried out. */
  cutNextAnswer(): void;
  /** How many answers were lost so. */
  readonly cuts: number;
  /** What is open stays open, and nothing passes any more: half-open connections. New ones are as good as before. */
  freeze(): void;
  /** From now on nothing arrives before so many ms, in either direction. */
  delay(ms: number): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  frozen: boolean;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let cutting = false;
  let cuts = 0;
  let latency = 0;

  const listener = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    const pair: Pair = { client, server, frozen: false };
    pairs.add(pair);
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', () => {});
    client.on('close', () => {
      pairs.delete(pair);
      server.destroy();
    });
    server.on('close', () => {
      if (!pair.frozen) client.destroy();
    });
    /** One direction: what is late holds up what comes after it. */
    const lane = (to: Socket) => {
      const queue: Buffer[] = [];
      const write = (octets: Buffer) => !pair.frozen && !to.destroyed && to.write(octets);
      return (octets: Buffer) => {
        if (latency === 0 && queue.length === 0) return write(octets);
        queue.push(octets);
        setTimeout(() => write(queue.shift() as Buffer), latency);
      };
    };
    const [toServer, toClient] = [lane(server), lane(client)];
    client.on('data', toServer);
    server.on('data', (octets) => {
      if (!cutting) return toClient(octets);
      cutting = false;
      cuts += 1;
      client.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const close = async () => {
    listener.close();
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
    await once(listener, 'close');
  };
  return {
    port: (listener.address() as AddressInfo).port,
    cutNextAnswer() {
      cutting = true;
    },
    get cuts() {
      return cuts;
    },
    freeze() {
      for (const pair of pairs) pair.frozen = true;
    },
    delay(ms) {
      latency = ms;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
