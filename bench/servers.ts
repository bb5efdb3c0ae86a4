import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Wrk } from './http/wrk.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { token } from './shared/inputs.ts';
import { versionOf } from './shared/peers.ts';
import { median } from './shared/ratio.ts';
import { goalNote } from './shared/rows.ts';

/** `node bench/servers.ts [rounds] [seconds] [text of the names]`: Linux with taskset and wrk (Debian: apt install wrk). */
const [rounds = '7', seconds = '1', only = ''] = process.argv.slice(2);
const routes = ['/plain', '/me'] as const;
type Route = (typeof routes)[number];
/** Who come in turns, each with a session of its own. */
const visitors = 64;

/** One framework: bare, with hallpass, and with what people use. Ratios are requests for the same processor time, hallpass / bare. */
interface Field {
  readonly framework: string;
  readonly bare: string;
  readonly ours: string;
  readonly usual?: string;
  /** Others to look at, measured beside it. */
  readonly beside?: readonly string[];
  /** One of ours that does what another package's does, of `beside`: a row of its own. */
  readonly rival?: { readonly ours: string; readonly peer: string; readonly name: string };
  /** What a server is to keep of the bare framework's requests a second of processor time, where nobody looks at the session: by name. */
  readonly goals: Readonly<Record<string, number>>;
}

const fields: Field[] = [
  {
    framework: 'Fastify',
    bare: 'Fastify',
    ours: 'Fastify, hallpass',
    usual: 'Fastify, @fastify/cors + cookie + session + csrf-protection',
    goals: { 'Fastify, hallpass': 0.92 },
  },
  {
    framework: 'Express',
    bare: 'Express',
    ours: 'Express, hallpass',
    usual: 'Express, cors + cookie-parser + csrf-csrf + express-session',
    goals: { 'Express, hallpass': 0.9 },
  },
  {
    framework: 'Hono',
    bare: 'Hono',
    ours: 'Hono, hallpass',
    usual: 'Hono, hono/cors + hono/csrf + hono-sessions',
    beside: ['Hono, @hono/session', 'Hono, a middleware that does nothing'],
    goals: { 'Hono, hallpass': 0.77 },
  },
  {
    framework: 'node:http',
    bare: 'node:http',
    ours: 'node:http, hallpass/node',
    beside: [
      'web handler, toNodeListener',
      'web handler, @hono/node-server',
      'web handler, pipeline, toNodeListener',
    ],
    rival: {
      ours: 'web handler, toNodeListener',
      peer: 'web handler, @hono/node-server',
      name: versionOf('@hono/node-server'),
    },
    goals: { 'web handler, toNodeListener': 0.55 },
  },
];

interface Lap {
  readonly perSecond: number;
  /** Microseconds of processor time of the server for one request: its own, and the kernel's beside it. */
  readonly own: number;
  readonly all: number;
}

class Contender {
  readonly laps: Record<Route, Lap[]> = { '/plain': [], '/me': [] };
  #wrk: Wrk | undefined;
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #url: string;

  constructor(name: string, child: ChildProcess, port: number) {
    this.name = name;
    this.#child = child;
    this.#url = `http://127.0.0.1:${port}`;
  }

  /** The server on one core, for itself. */
  static async start(name: string): Promise<Contender> {
    const file = fileURLToPath(new URL('servers/process.ts', import.meta.url));
    const child = spawn('taskset', ['-c', '0', process.execPath, file, name], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const failed = once(child, 'exit').then(() => Promise.reject(new Error(`${name} did not start.`)));
    const [port] = await Promise.race([once(child, 'message'), failed]);
    failed.catch(() => {}); // From here on, `stop` waits for the exit.
    const contender = new Contender(name, child, port);
    await contender.#signIn();
    return contender;
  }

  async #signIn(): Promise<void> {
    const cookies: string[] = [];
    for (let visitor = 0; visitor < visitors; visitor++) {
      const login = await fetch(`${this.#url}/login`);
      await login.arrayBuffer();
      const pairs = login.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
      const cookie = ['theme=dark', `visitor=${token(visitor, 16)}`, ...pairs].join('; ');
      const me = await fetch(`${this.#url}/me`, { headers: { cookie } });
      const { user } = await me.json();
      if (user !== 'ada') throw new Error(`${this.name} does not know its visitor.`);
      cookies.push(cookie);
    }
    checkInputs({ title: this.name, inputs: cookies });
    this.#wrk = new Wrk(cookies, { Accept: '*/*', 'Sec-Fetch-Site': 'same-origin' });
  }

  /** @param duration seconds */
  async lap(route: Route, duration: number): Promise<Lap> {
    const before = await this.#cpu();
    const { requests, perSecond } = await (this.#wrk as Wrk).lap(this.#url + route, duration);
    const after = await this.#cpu();
    const own = (after.user - before.user) / requests;
    return { perSecond, own, all: own + (after.system - before.system) / requests };
  }

  async warmUp(route: Route): Promise<void> {
    await this.#wrk?.warmUp(this.#url + route);
  }

  async #cpu(): Promise<NodeJS.CpuUsage> {
    this.#child.send('cpu');
    const [used] = await once(this.#child, 'message');
    return used;
  }

  median(route: Route, what: keyof Lap): number {
    return median(this.laps[route].map((lap) => lap[what]));
  }

  async stop(): Promise<void> {
    this.#wrk?.close();
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}

async function run(field: Field): Promise<string> {
  const { framework, bare, ours, usual, beside = [], goals } = field;
  const names = [bare, ours, ...(usual === undefined ? [] : [usual]), ...beside];
  const contenders: Contender[] = [];
  for (const name of names) contenders.push(await Contender.start(name));
  for (const contender of contenders) {
    for (const route of routes) await contender.warmUp(route);
  }
  for (let round = 0; round < Number(rounds); round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length] as Contender;
      for (const route of routes) contender.laps[route].push(await contender.lap(route, Number(seconds)));
    }
  }
  await Promise.all(contenders.map((contender) => contender.stop()));

  const [base, own] = contenders as [Contender, Contender];
  const added = (contender: Contender, what: 'own' | 'all') =>
    contender.median('/me', what) - base.median('/me', what);
  const cells = contenders.map((contender) => {
    const kept = (route: Route) =>
      median(base.laps[route].map((lap, i) => lap.all / (contender.laps[route][i] as Lap).all));
    const goal = goals[contender.name];
    const mark = goal === undefined ? '' : goalMark(contender.name, kept('/plain'), goal);
    return [
      contender.name,
      `${kept('/plain').toFixed(2)}${mark}`,
      kept('/me').toFixed(2),
      contender.median('/plain', 'own').toFixed(1),
      contender === base ? '' : signed(added(contender, 'own')),
      contender === base ? '' : signed(added(contender, 'all')),
      contender.median('/plain', 'perSecond').toFixed(0),
    ].join(' | ');
  });
  const peer = contenders[2];
  const share =
    usual === undefined || peer === undefined ? undefined : added(own, 'own') / added(peer, 'own');
  return [
    `### ${framework}`,
    '',
    '| server | CPU kept, session not looked at | CPU kept, user read | own CPU µs, not looked at | own CPU µs more, user read | kernel included | requests/s |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...cells.map((row) => `| ${row} |`),
    '',
    ...(share === undefined
      ? []
      : [
          `The whole pipeline with the user read adds ${share.toFixed(2)} of the CPU that the usual stack adds ${goalNote({ what: `CPU that the pipeline adds, a user read: ${own.name}`, input: `${visitors} visitors`, beside: usual ?? '', measured: share, goal: 0.2 })}.`,
          '',
        ]),
    ...rivalry(field, contenders),
  ].join('\n');
}

/** What one of ours keeps beside what the other package keeps of it, for the same processor time. */
function rivalry({ rival }: Field, contenders: readonly Contender[]): string[] {
  const [ours, peer] = [rival?.ours, rival?.peer].map((name) => contenders.find((one) => one.name === name));
  if (rival === undefined || ours === undefined || peer === undefined) return [];
  return (['/plain', '/me'] as const).flatMap((route) => {
    const measured = median(ours.laps[route].map((lap, i) => (peer.laps[route][i] as Lap).all / lap.all));
    const what = `requests for the same CPU, ${route === '/me' ? 'user read' : 'session not looked at'}: ${ours.name}`;
    const row = { what, input: `${visitors} visitors`, beside: rival.name, measured, goal: 1, atLeast: true };
    return [`${what}: ${measured.toFixed(2)} of ${rival.name}'s ${goalNote(row)}.`, ''];
  });
}

/** A goal of the first column. */
const goalMark = (name: string, measured: number, goal: number): string => {
  const row = { what: `CPU kept, session not looked at: ${name}`, input: `${visitors} visitors` };
  return ` ${goalNote({ ...row, beside: 'the bare framework', measured, goal, atLeast: true })}`;
};

const packages = [
  'fastify',
  'express',
  'hono',
  '@hono/node-server',
  'express-session',
  'csrf-csrf',
  '@fastify/session',
  '@fastify/csrf-protection',
  'hono-sessions',
  '@hono/session',
];
console.log(`## Servers: Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
console.log(
  `${packages.map(versionOf).join(', ')}. One process a server on CPU 0, wrk with 32 connections on CPU 1; rounds interleaved, medians of ${rounds}.\n`,
);
for (const field of fields) {
  if (field.framework.toLowerCase().includes(only.toLowerCase())) console.log(await run(field));
}

function signed(difference: number): string {
  return `${difference < 0 ? '' : '+'}${difference.toFixed(1)}`;
}
