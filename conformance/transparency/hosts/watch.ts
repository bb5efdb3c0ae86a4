import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { lookAt, nameOf } from '../perform.ts';
import type { Listening, Run } from './host.ts';

/** Notes what a response emits; seen before anybody else sees the response. */
export function watchResponse({ lab }: Run, res: ServerResponse): void {
  for (const event of ['pipe', 'unpipe', 'finish', 'close', 'drain']) {
    res.on(event, () => {
      lab.stir();
      const flushed = event === 'finish' || event === 'close' ? ` flushed=${res.writableFinished}` : '';
      lab.transcript.events.push(`${event} | ${lookAt(res)}${flushed} ${res.statusCode}`);
    });
  }
}

/** A callback whose calls are noted. */
export function noteCalls({ lab }: Run): (name: string) => (error?: unknown) => void {
  return (name) => (error) => {
    lab.stir();
    if (lab.over) return;
    // Which of two things came first that both make a stream fail is chance.
    const code = /sendFile|pipeline/.test(name) ? '' : ` ${nameOf(error)}`;
    lab.transcript.callbacks.push(error ? `${name} failed${code}` : name);
  };
}

/** Lets what is written wait some turns, as a network does that does not take it: the response has told it all the same. */
function slowDown(stream: Duplex, { lab, held }: Run): void {
  let taking: Promise<void> | undefined;
  for (const name of ['_write', '_writev'] as const) {
    const write = stream[name] as ((...given: unknown[]) => void) | undefined;
    if (write === undefined) continue;
    stream[name] = (...given: unknown[]) => {
      taking ??= lab.pause(held);
      taking.then(() => Reflect.apply(write, stream, given));
    };
  }
}

/** Starts a server on a free port. */
export async function listening(server: Server, run: Run): Promise<Listening> {
  const sockets = new Set<Socket>();
  if (run.held > 0)
    server.prependListener(run.program.framework === 'http2' ? 'stream' : 'connection', (stream: Duplex) =>
      slowDown(stream, run),
    );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A machine that stops this process for seconds ends no connection by that.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    async left() {
      return [...sockets].map(listenersOf);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What listens to a connection between two requests. */
function listenersOf(socket: Socket): string {
  const names = socket.eventNames().map(String).sort();
  return `${names.map((name) => `${name} ${socket.listenerCount(name)}`).join(', ')}`;
}
