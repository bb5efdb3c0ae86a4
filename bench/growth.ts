// `node --expose-gc bench/growth.ts [requests]`, after a build: what a server keeps of the requests that it has answered.
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { servers } from './http/servers.ts';
import { checkInputs } from './shared/fair-inputs.ts';

import { goalNote } from './shared/rows.ts';

const requests = Number(process.argv[2] ?? 500_000);
const connections = 8;
/** Requests that one connection sends at once. */
const inOneWrite = 32;
const megabyte = 2 ** 20;

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / megabyte;
}

/** Sends requests in one write, and resolves when as many answers have come. */
async function answered(socket: Socket, lines: readonly string[]): Promise<void> {
  let left = lines.length;
  const count = (chunk: Buffer) => {
    left -= chunk.toString('latin1').split('HTTP/1.1 200').length - 1;
    if (left <= 0) socket.emit('answered');
  };
  socket.on('data', count);
  socket.write(lines.join(''));
  await once(socket, 'answered');
  socket.off('data', count);
}

/** MB of heap after a tenth of the requests and after all of them: reads and writes by turns, of 64 visitors. */
async function grown(name: string): Promise<{ early: number; late: number }> {
  const server = await servers[name]?.listen();
  if (server === undefined) throw new Error(`No server is called ${name}.`);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const cookies: string[] = [];
  for (let visitor = 0; visitor < 64; visitor++) {
    const response = await fetch(`http://127.0.0.1:${port}/start`);
    await response.arrayBuffer();
    cookies.push(response.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
  checkInputs({ title: name, inputs: cookies });
  const all = cookies.map((cookie, at) => {
    const path = at % 2 === 0 ? '/read' : '/write';
    return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`;
  });
  const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1'));
  let sent = 0;
  const until = async (count: number) => {
    const run = async (socket: Socket) => {
      while (sent < count) {
        const from = sent % all.length;
        sent += inOneWrite;
        await answered(socket, all.slice(from, from + inOneWrite));
      }
    };
    await Promise.all(sockets.map(run));
    return heap();
  };
  const early = await until(requests / 10);
  const late = await until(requests);
  for (const socket of sockets) socket.destroy();
  server.close();
  return { early, late };
}

const count = requests.toLocaleString('en');
console.log(`## Growth over ${count} requests\n`);
for (const name of ['stored', 'sealed']) {
  const { early, late } = await grown(name);
  const title = servers[name]?.title ?? name;
  const row = { what: `growth: ${title}`, input: `${count} requests`, beside: 'MB' };
  const note = goalNote({ ...row, measured: late - early, goal: 1 });
  console.log(
    `- ${title}: ${early.toFixed(1)} MB of heap after a tenth of ${count} requests, ${late.toFixed(1)} MB after all: ${(late - early).toFixed(2)} MB more ${note}.`,
  );
}
