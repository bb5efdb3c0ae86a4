// `node bench/redis.ts`, after a build: what a session costs a Redis of its own, in calls and in memory.
import { createSessions } from 'hallpass/session';
import { redisStore } from 'hallpass/stores/redis';
import { createClient } from 'redis';
import { startRedis } from '../tools/test/redis.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { token } from './shared/inputs.ts';

import { goalNote, record } from './shared/rows.ts';

interface Data {
  note: string;
  count: number;
}

const rows = 20_000;
const data = (i: number): Data => ({ note: token(i, 275), count: i });
checkInputs({ title: 'sessions in Redis', inputs: Array.from({ length: 64 }, (_, i) => data(i)) });

await using server = await startRedis();
const client = createClient({ url: server.url });
await client.connect();

/** Commands that were sent: nothing is sent before the one before it is answered. */
let calls = 0;
const counted = new Proxy(client, {
  get(target, name) {
    const member = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...given: unknown[]) => {
      if (name !== 'on') calls += 1;
      return Reflect.apply(member, target, given);
    };
  },
});
const sessions = createSessions<Data>({ store: redisStore(counted) });

type Opened = Awaited<ReturnType<typeof sessions.open>>;

const write = (session: Opened) => session.set('count', Math.random());
const read = (session: Opened) => void session.get('count');
const logIn = (session: Opened) => session.login('alice');
const logOut = (session: Opened) => session.logout();
const rotate = (session: Opened) => {
  write(session);
  session.rotate();
};

interface Scenario {
  readonly title: string;
  readonly act: (session: Opened) => void;
  /** Calls at the most, to open and to commit. */
  readonly limits: readonly [number, number];
}

/** One after the other, by one browser: the first has no cookie, and after a logout there is none. */
const scenarios: readonly Scenario[] = [
  { title: 'first write of a new visitor', act: write, limits: [0, 1] },
  { title: 'read', act: read, limits: [1, 0] },
  { title: 'write', act: write, limits: [1, 1] },
  { title: 'rotate and write', act: rotate, limits: [1, 1] },
  { title: 'login', act: logIn, limits: [1, 1] },
  { title: 'logout', act: logOut, limits: [1, 1] },
  { title: 'login of a new visitor', act: logIn, limits: [0, 1] },
];

/** What each visit costs. */
async function roundTrips() {
  const costs: (Scenario & { opening: number; committing: number })[] = [];
  let cookie: string | null = null;
  for (const scenario of scenarios) {
    const before = calls;
    const session = await sessions.open(cookie);
    const opening = calls - before;
    scenario.act(session);
    const [line] = await sessions.commit(session);
    const committing = calls - before - opening;
    if (line !== undefined) cookie = line.includes('Max-Age=0') ? null : (line.split(';')[0] ?? null);
    costs.push({ ...scenario, opening, committing });
  }
  return costs;
}

const memory = async () => Number(/used_memory:(\d+)/.exec(await server.cli('INFO', 'memory'))?.[1]);

/** Bytes of Redis a key, over many. */
async function bytesOf(make: (i: number) => Promise<unknown>): Promise<number> {
  await client.flushAll();
  const before = await memory();
  for (let from = 0; from < rows; from += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, at) => make(from + at)));
  }
  return ((await memory()) - before) / rows;
}

console.log('## Redis\n\n| a visit | calls to open | calls to commit | at most |\n| --- | --- | --- | --- |');
await roundTrips(); // Redis learns the scripts.
for (const { title, opening, committing, limits } of await roundTrips()) {
  const [measured, goal] = [opening + committing, limits[0] + limits[1]];
  const isKept = record({
    what: `calls to Redis: ${title}`,
    input: 'one visit',
    beside: 'calls',
    measured,
    goal,
  });
  console.log(
    `| ${title} | ${opening} | ${committing}${isKept ? '' : ' missed'} | ${limits.join(' and ')} |`,
  );
}
const plain = await bytesOf((i) =>
  client.set(`hallpass:${token(i, 22)}`, JSON.stringify(data(i)), { EX: 3_600 }),
);
const ours = await bytesOf(async (i) => {
  const session = await sessions.open(null);
  Object.assign(session.data, data(i));
  await sessions.commit(session);
});
const ratio = ours / plain;
console.log(
  `\n- A session of 300 bytes takes ${ours.toFixed(0)} bytes of Redis, a plain SET EX of the same data ${plain.toFixed(0)}: ${ratio.toFixed(2)} × ${goalNote({ what: 'memory of a session in Redis', input: '300 bytes', beside: 'plain SET EX', measured: ratio, goal: 1.3 })}.`,
);
client.destroy();
