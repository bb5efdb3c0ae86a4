// `node bench/imports.ts [rounds]`, after a build: what importing an entry point takes, and what peers take that do such work.
// Inputs: none; what is measured is a start.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { versionOf } from './shared/peers.ts';
import { median } from './shared/ratio.ts';
import { record } from './shared/rows.ts';

const rounds = Number(process.argv[2] ?? 15);
const folder = fileURLToPath(new URL('.', import.meta.url));
const importing = (...names: string[]) => names.map((name) => `import '${name}';`).join('');

interface Start {
  readonly what: string;
  /** What Node runs: arguments, or a module. */
  readonly run: readonly string[] | string;
  /** Processor time in ms at the most, beyond an empty process (of the command line: in all). */
  readonly goal?: number;
  /** What does the same work, of the rows of peers: ours is to start no later. */
  readonly peer?: string;
}

const app = `import { Hono } from 'hono';
import { hallpass } from 'hallpass/hono';
import { createSessions } from 'hallpass/session';
import { sqliteStore } from 'hallpass/stores/sqlite';
const sessions = createSessions({ store: sqliteStore(':memory:') });
new Hono().use(hallpass({ sessions, origins: ['https://app.example.com'] }));`;

const peers: Start[] = ['cookie', 'tough-cookie', 'express-session', 'fetch-cookie', 'jose', 'hono'].map(
  (name) => ({ what: versionOf(name), run: importing(name) }),
);
const ours: Start[] = [
  { what: 'hallpass', run: importing('hallpass'), goal: 6, peer: versionOf('cookie') },
  { what: 'hallpass/jar', run: importing('hallpass/jar'), goal: 12, peer: versionOf('tough-cookie') },
  { what: 'hallpass/client/slim', run: importing('hallpass/client/slim'), goal: 10 },
  { what: 'hallpass/client', run: importing('hallpass/client'), goal: 12, peer: versionOf('fetch-cookie') },
  { what: 'hallpass/session', run: importing('hallpass/session'), peer: versionOf('express-session') },
  { what: 'hallpass/tokens', run: importing('hallpass/tokens'), peer: versionOf('jose') },
  { what: 'an app of Hono, sessions and SQLite', run: app, goal: 25 },
  { what: 'the command line, --help', run: ['../dist/cli/main.js', '--help'], goal: 60 },
];
const empty: Start = { what: 'an empty process', run: '0' };
const starts = [empty, ...peers, ...ours];

/** Milliseconds of processor time that a process took from its start to its end: a busy machine does not change it much. */
function lifetime({ run }: Start): number {
  const args = typeof run === 'string' ? ['--input-type=module', '-e', run] : run;
  const timed = ['-c', 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null', 'bash', process.execPath, ...args];
  const { stderr, status } = spawnSync('bash', timed, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [user = 0, system = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return (user + system) * 1_000;
}

const times = new Map<string, number[]>(starts.map(({ what }) => [what, []]));
for (let round = 0; round < rounds; round++) {
  for (const start of starts) times.get(start.what)?.push(lifetime(start));
}
const inAll = (what: string) => median(times.get(what) ?? []);
const more = (what: string) =>
  median((times.get(what) ?? []).map((ms, at) => ms - (times.get(empty.what)?.[at] ?? 0)));

console.log(`## Starts

Processor time of a fresh process, Node ${process.versions.node}: medians of ${rounds}, taken in turns. An empty process takes ${inAll(empty.what).toFixed(0)} ms.

| what is imported | ms more than an empty process | as a share of it | beside |
| --- | --- | --- | --- |`);
for (const { what, goal, peer } of [...peers, ...ours]) {
  const isCommand = what.startsWith('the command');
  const ms = isCommand ? inAll(what) : more(what);
  const beside = isCommand ? 'ms of processor time, in all' : 'ms of processor time, beyond an empty process';
  const isKept =
    goal === undefined ||
    record({ what: `start: ${what}`, input: 'fresh processes', beside, measured: ms, goal });
  const mark = goal === undefined ? '' : ` (goal ${goal}${isKept ? '' : ', missed'})`;
  const measured = peer === undefined ? 0 : ms / more(peer);
  const isAhead =
    peer === undefined ||
    record({ what: `start: ${what}`, input: 'fresh processes', beside: peer, measured, goal: 1 });
  const cell = peer === undefined ? '' : `${measured.toFixed(2)} of ${peer}${isAhead ? '' : ' (ahead)'}`;
  console.log(
    `| ${what} | ${isCommand ? `${ms.toFixed(1)} in all` : ms.toFixed(1)}${mark} | ${(ms / inAll(empty.what)).toFixed(2)} | ${cell} |`,
  );
}
console.log();
