// `node bench/http.ts [rounds] [seconds] [name of a server]`, after a build, on two processors: sessions on node:http, beside
// the bare route of the same process and beside the peers on theirs. Servers run on the first processor, wrk on the second.
import { type ServerProcess, startServer } from './http/process.ts';
import { servers } from './http/servers.ts';
import { Wrk } from './http/wrk.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { median } from './shared/ratio.ts';
import { goalNote } from './shared/rows.ts';

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
/** Peers that do such work, each on its own framework: what it adds there stands beside what ours adds. */
const rivals: Readonly<Record<string, readonly string[]>> = {
  stored: ['express', 'fastify'],
  sealed: ['iron'],
};
const ofPeers: readonly Route[] = [
  { title: 'read', path: '/read', visitors: 64 },
  { title: 'write', path: '/write', visitors: 64 },
];

/** Processor time of one request, in µs: without the kernel's (`own`), since a server that is slower than wrk has to wake it for every answer, and pays for that there; and with it. */
interface Lap {
  readonly perSecond: number;
  readonly own: number;
  readonly all: number;
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

/** A server under one route, and what it took, lap by lap: the route, and the bare one beside it. */
class Contender {
  readonly laps: { readonly bare: Lap; readonly route: Lap }[] = [];
  readonly name: string;
  readonly route: Route;
  readonly #server: ServerProcess;
  readonly #wrk: Wrk;

  constructor(name: string, route: Route, server: ServerProcess, cookies: readonly string[]) {
    checkInputs({ title: route.title, inputs: cookies });
    this.name = name;
    this.route = route;
    this.#server = server;
    this.#wrk = new Wrk(cookies);
  }

  async #lap(path: string, seconds: number): Promise<Lap> {
    const before = await this.#server.cpu();
    const { requests, perSecond } = await this.#wrk.lap(this.#server.origin + path, seconds);
    const after = await this.#server.cpu();
    return { perSecond, all: (after.all - before.all) / requests, own: (after.own - before.own) / requests };
  }

  async warmUp(): Promise<void> {
    await this.#wrk.warmUp(`${this.#server.origin}/bare`);
    await this.#wrk.warmUp(this.#server.origin + this.route.path);
  }

  async measure(seconds: number): Promise<void> {
    const bare = await this.#lap('/bare', seconds);
    this.laps.push({ bare, route: await this.#lap(this.route.path, seconds) });
  }

  /** What it took more than the bare route, in each lap. */
  more(of: 'own' | 'all'): number[] {
    return this.laps.map(({ bare, route }) => route[of] - bare[of]);
  }

  close(): void {
    this.#wrk.close();
  }
}

/** How many times what the peer's session adds to a request ours adds, by processor time of its own: in the same round, the median over the rounds. */
function besidePeers(ours: Contender, all: readonly Contender[]): string[] {
  const peers = rivals[ours.name] ?? [];
  return all
    .filter(({ name, route }) => peers.includes(name) && route.path === ours.route.path)
    .map((peer) => {
      const theirs = peer.more('own');
      const measured = median(ours.more('own').map((more, at) => more / (theirs[at] as number)));
      const beside = servers[peer.name]?.title ?? peer.name;
      const row = {
        what: `CPU that a session adds: ${titleOf(ours)}`,
        input: `${ours.route.visitors} visitors`,
      };
      return `- ${titleOf(ours)} adds ${measured.toFixed(2)} of what ${beside} adds ${goalNote({ ...row, beside, measured, goal: 1 })}.`;
    });
}

const titleOf = ({ name, route }: Contender): string => `${servers[name]?.title ?? name}: ${route.title}`;

function row(contender: Contender): string {
  const { route, laps } = contender;
  const { goal, visitors } = route;
  const title = titleOf(contender);
  const against = (measured: number, limit: number | undefined, beside: string, atLeast: boolean) =>
    limit === undefined
      ? ''
      : ` ${goalNote({ what: title, input: `${visitors} visitors`, beside, measured, goal: limit, atLeast })}`;
  const share = median(laps.map(({ bare, route }) => bare.all / route.all));
  const own = median(contender.more('own'));
  const shareMark = against(share, goal?.share, "CPU of node:http's bare route, kept", true);
  const cpuMark = against(own, goal?.cpu, 'own CPU µs more', false);
  const perSecond = median(laps.map(({ route }) => route.perSecond));
  return `| ${title} | ${share.toFixed(2)}${shareMark} | ${own.toFixed(1)}${cpuMark} | ${median(contender.more('all')).toFixed(1)} | ${perSecond.toFixed(0)} |`;
}

const [rounds = '7', seconds = '1', only = ''] = process.argv.slice(2);
console.log(
  `## Sessions on HTTP servers: Node ${process.versions.node}, 300 bytes, wrk with 32 connections\n`,
);
const running = new Map<string, ServerProcess>();
const contenders: Contender[] = [];
for (const name of Object.keys(servers).filter((name) => name.includes(only))) {
  const server = await startServer(name);
  running.set(name, server);
  for (const route of routes[name] ?? ofPeers)
    contenders.push(new Contender(name, route, server, await visitors(server.origin, route.visitors)));
}
for (const contender of contenders) await contender.warmUp();
// In turns, so that what other work takes from a round it takes from all of them.
for (let round = 0; round < Number(rounds); round += 1)
  for (const contender of contenders) await contender.measure(Number(seconds));
for (const contender of contenders) contender.close();
for (const server of running.values()) await server.close();

console.log(
  '| server | share of the bare route | own CPU µs more | kernel included | requests/s |\n| --- | --- | --- | --- | --- |',
);
for (const contender of contenders) console.log(row(contender));
console.log(`\n${contenders.flatMap((ours) => besidePeers(ours, contenders)).join('\n')}\n`);
