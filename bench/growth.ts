// `node bench/growth.ts [requests]`, after a build, on two processors: what a server keeps of the requests that it has answered.
import { startServer } from './http/process.ts';
import { servers } from './http/servers.ts';
import { Wrk } from './http/wrk.ts';
import { goalNote } from './shared/rows.ts';

const requests = Number(process.argv[2] ?? 500_000);
const megabyte = 2 ** 20;

/** MB of heap after a tenth of the requests and after all of them, half of which write. */
async function grown(name: string): Promise<{ early: number; late: number; served: number }> {
  const server = await startServer(name);
  const cookies: string[] = [];
  for (let visitor = 0; visitor < 64; visitor++) {
    const response = await fetch(`${server.origin}/start`);
    await response.arrayBuffer();
    cookies.push(response.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
  const wrk = new Wrk(cookies);
  let served = 0;
  const until = async (count: number) => {
    for (let lap = 0; served < count; lap++) {
      served += (await wrk.lap(`${server.origin}${lap % 2 === 0 ? '/read' : '/write'}`, 2)).requests;
    }
    return (await server.heap()) / megabyte;
  };
  const early = await until(requests / 10);
  const late = await until(requests);
  wrk.close();
  await server.close();
  return { early, late, served };
}

console.log(`## Growth over ${requests.toLocaleString('en')} requests\n`);
for (const name of ['stored', 'sealed']) {
  const { early, late, served } = await grown(name);
  const title = servers[name]?.title ?? name;
  const row = { what: `growth: ${title}`, input: `${served.toLocaleString('en')} requests`, beside: 'MB' };
  console.log(
    `- ${title}: ${early.toFixed(1)} MB of heap after a tenth of ${served.toLocaleString('en')} requests, ${late.toFixed(1)} MB after all: ${(late - early).toFixed(2)} MB more ${goalNote({ ...row, measured: late - early, goal: 1 })}.`,
  );
}
