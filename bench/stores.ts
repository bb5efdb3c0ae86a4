// `node bench/stores.ts [redis] [postgres] [memory] [four]`, after a build: writes over the network beside the stores of express-session, and the memory of a session.
// Inputs: made in stores/writer.ts, which looks at them itself.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import pg from 'pg';
import { startPostgres } from '../tools/test/postgres.ts';
import { startRedis } from '../tools/test/redis.ts';
import { token } from './shared/inputs.ts';
import { versionOf } from './shared/peers.ts';
import { median } from './shared/ratio.ts';
import { goalNote, record } from './shared/rows.ts';

const writer = fileURLToPath(new URL('./stores/writer.ts', import.meta.url));
const rounds = 9;
const ms = 400;

interface Lap {
  readonly perSecond: number;
  /** Microseconds of the server's processor time a write. */
  readonly serverCpu: number;
}

/** Every contender once a round, in alternating order, by so many processes at once. @param cpu microseconds that the server has used until now */
async function race(kind: string, url: string, processes: number, cpu: () => Promise<number>) {
  const children = await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(writer, [kind, url]);
      await once(child, 'message');
      return child;
    }),
  );
  const ask = async (child: ChildProcess, who: string) => {
    child.send({ who, ms });
    return (await once(child, 'message'))[0] as { writes: number; perSecond: number };
  };
  const lap = async (who: string): Promise<Lap> => {
    const before = await cpu();
    const reported = await Promise.all(children.map((child) => ask(child, who)));
    const sum = (of: 'writes' | 'perSecond') => reported.reduce((total, one) => total + one[of], 0);
    return { perSecond: sum('perSecond'), serverCpu: ((await cpu()) - before) / sum('writes') };
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) for (const who of ['ours', 'peer']) await lap(who);
  const laps: { ours: Lap; peer: Lap }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? 'ours' : 'peer';
    const one = await lap(first);
    const two = await lap(first === 'ours' ? 'peer' : 'ours');
    laps.push(first === 'ours' ? { ours: one, peer: two } : { ours: two, peer: one });
  }
  for (const child of children) child.disconnect();
  return laps;
}

function row(title: string, peer: string, laps: readonly { ours: Lap; peer: Lap }[]): string {
  const ratio = (of: keyof Lap) => median(laps.map(({ ours, peer }) => ours[of] / peer[of]));
  const share = ratio('perSecond');
  const middle = (who: 'ours' | 'peer', of: keyof Lap) => median(laps.map((lap) => lap[who][of])).toFixed(0);
  const name = { what: `writes a second, ${title}`, input: '64 sessions of 300 bytes', beside: peer };
  const mark = record({ ...name, measured: share, goal: 1, atLeast: true })
    ? ' (goal 1)'
    : ' (goal 1, missed)';
  return `| ${title} | ${share.toFixed(2)}${mark} | ${ratio('serverCpu').toFixed(2)} | ${middle('ours', 'perSecond')} | ${middle('peer', 'perSecond')} | ${middle('ours', 'serverCpu')} | ${middle('peer', 'serverCpu')} | ${peer} |`;
}

/** Microseconds of processor time that these processes have used: user and system, in hundredths of a second, stand in their stat. */
const cpuOf = (pids: readonly number[]) =>
  pids.reduce((total, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return total + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);

async function bytesOfSession(): Promise<number> {
  const store = memoryStore();
  const sessions = createSessions<{ note: string; count: number }>({ store });
  const count = 50_000;
  const heap = () => {
    globalThis.gc?.();
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  for (let at = 0; at < count; at++) {
    const session = await sessions.open(null);
    session.set('note', token(at, 275));
    await sessions.commit(session);
  }
  const bytes = (heap() - before) / count;
  await store.read('nobody', { now: Date.now() });
  return bytes;
}

const asked = process.argv.slice(2).filter((word) => word !== 'four');
/** How many processes write at once. */
const crowds = process.argv.includes('four') ? [1, 2, 4] : [1, 2];
const wants = (kind: string) => asked.length === 0 || asked.includes(kind);
const heading = [
  '## Writes over the network',
  '',
  'A request that reads a session of 300 bytes and writes into it; each row beside the store that express-session has there.',
  '',
  '| what | writes a second, ours / peer | CPU of the server, ours / peer | ours, a second | peer, a second | server µs a write, ours | peer | beside |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];
if (wants('redis') || wants('postgres')) console.log(heading.join('\n'));
if (wants('redis')) {
  await using server = await startRedis();
  const cpu = async () => {
    const text = await server.cli('INFO', 'cpu');
    const used = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(text)?.[1]) * 1e6;
    return used('used_cpu_sys') + used('used_cpu_user');
  };
  for (const processes of crowds) {
    const laps = await race('redis', server.url, processes, cpu);
    console.log(row(`Redis, ${processes} of us`, versionOf('connect-redis'), laps));
  }
}
if (wants('postgres')) {
  await using server = await startPostgres();
  const asking = new pg.Client({ connectionString: server.url });
  await asking.connect();
  const cpu = async () =>
    cpuOf((await asking.query('SELECT pid FROM pg_stat_activity')).rows.map(({ pid }) => pid as number));
  for (const processes of crowds) {
    const laps = await race('postgres', server.url, processes, cpu);
    console.log(row(`PostgreSQL, ${processes} of us`, versionOf('connect-pg-simple'), laps));
  }
  await asking.end();
}
if (wants('memory') && globalThis.gc !== undefined) {
  const bytes = await bytesOfSession();
  console.log(
    `\n- A session of 300 bytes in \`memoryStore\` takes ${bytes.toFixed(0)} B of heap ${goalNote({ what: 'heap of a session in memoryStore', input: '300 bytes', beside: 'B', measured: bytes, goal: 800 })}.`,
  );
}
