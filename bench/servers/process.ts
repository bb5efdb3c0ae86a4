// One server under test, in a process of its own: says where it listens, and what it has used of the processor when asked.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { servers } from './apps.ts';

const make = servers[process.argv[2] ?? ''];
if (make === undefined) throw new Error(`No server is called ${process.argv[2]}.`);
const server = await make();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('message', () => {
  process.send?.(process.cpuUsage());
});
process.on('disconnect', () => process.exit());
process.send?.((server.address() as AddressInfo).port);
