// `node bench/http.ts [rounds] [seconds] [name of a server]`, after a build, on two processors: sessions on node:http, beside
// the bare route of the same process and beside the peers on theirs. Servers run on the first processor, wrk on the second.
import { type ServerProcess, startServer } from './http/process.ts';
import { servers } from './http/servers.ts';
import { Wrk } from './http/wrk.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { median } from './shared/ratio.ts';
import { record } from './shared/rows.ts';

interface Route {
  readonly title: string;
  readonly path: '/read' | '/write';
  /** How many visitors come in turn. */
  readonly visitors: number;
  /** Requests a second of processor time as a share of the bare route's, at the least; and µs of its own more, at the most. */
  readonly goal?: { readonly share: number; readonly cpu?: number };
}

const routes: Readonly<Record<string, readonly Route[]>> = {
  stored: [
    { title: 'read', path: '/read', visitors: 64, goal: { share: 0.78, cpu: 4 } },
    { title: 'write', path: '/write', visitors: 64, goal: { share: 0.68 } },
  ],
  sealed: [
    { title: 'read, cookies that came before', path: '/read', visitors: 64, goal: { share: 0.75 } },
    { title: 'read, cookies that never came', path: '/read', visitors: 5_000, goal: { share: 0.45 } },
    { title: 'write', path: '/write', visitors: 64, goal: { share: 0.33 } },
  ],
};
const ofPeers: readonly Route[] = [
  { title: 'read', path: '/read', visitors: 64 },
  { title: 'write', path: '/write', visitors: 64 },
];

interface Measured {
  readonly share: number;
  readonly perSecond: number;
  readonly all: number;
  /** Without the kernel's time: a server that is slower than wrk has to wake it for every answer, and pays for that there. */
  readonly own: number;
}

/** Cookie headers of so many new visitors. */
async function visitors(origin: string, count: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let visitor = 0; visitor < count; visitor += 1) {
    const response = await fetch(`${origin}/start`);
    await response.arrayBuffer();
    cookies.push(response.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
  return cookies;
}

/** One lap of the bare route and one of this, in turns. */
async function measure(
  server: ServerProcess,
  route: Route,
  rounds: number,
  seconds: number,
): Promise<Measured> {
  const cookies = await visitors(server.origin, route.visitors);
  checkInputs({ title: route.title, inputs: cookies });
  const wrk = new Wrk(cookies);
  const lap = async (path: string) => {
    const before = await server.cpu();
    const { requests, perSecond } = await wrk.lap(server.origin + path, seconds);
    const after = await server.cpu();
    const [all, own] = [after.all - before.all, after.own - before.own];
    return { perSecond, all: all / requests, own: own / requests };
  };
  await wrk.warmUp(`${server.origin}/bare`);
  await wrk.warmUp(server.origin + route.path);
  const laps: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await lap('/bare');
    const { perSecond, all, own } = await lap(route.path);
    laps.push({ share: bare.all / all, perSecond, all: all - bare.all, own: own - bare.own });
  }
  wrk.close();
  const column = (of: keyof Measured) => median(laps.map((one) => one[of]));
  return { share: column('share'), perSecond: column('perSecond'), all: column('all'), own: column('own') };
}

function row(
  title: string,
  { goal, visitors, title: what }: Route,
  { share, perSecond, all, own }: Measured,
): string {
  const against = (measured: number, limit: number | undefined, beside: string, atLeast: boolean) => {
    if (limit === undefined) return '';
    const name = { what: `${title}: ${what}`, input: `${visitors} visitors` };
    const isKept = record({ ...name, beside, measured, goal: limit, atLeast });
    return ` (goal ${limit}${isKept ? '' : ', missed'})`;
  };
  const shareMark = against(share, goal?.share, "CPU of node:http's bare route, kept", true);
  const cpuMark = against(own, goal?.cpu, 'own CPU µs more', false);
  return `| ${title}: ${what} | ${share.toFixed(2)}${shareMark} | ${own.toFixed(1)}${cpuMark} | ${all.toFixed(1)} | ${perSecond.toFixed(0)} |`;
}

const [rounds = '7', seconds = '1', only = ''] = process.argv.slice(2);
console.log(
  `## Sessions on HTTP servers: Node ${process.versions.node}, 300 bytes, wrk with 32 connections\n`,
);
console.log(
  '| server | share of the bare route | own CPU µs more | kernel included | requests/s |\n| --- | --- | --- | --- | --- |',
);
for (const [name, { title }] of Object.entries(servers).filter(([name]) => name.includes(only))) {
  const server = await startServer(name);
  for (const route of routes[name] ?? ofPeers) {
    console.log(row(title, route, await measure(server, route, Number(rounds), Number(seconds))));
  }
  await server.close();
}
