// A process that writes sessions, ours and the peer's by turns, when it is told: `writer.ts redis URL` or `writer.ts postgres URL`.
import pgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import expressSession from 'express-session';
import type { SessionStore } from 'hallpass/store';
import { postgresStore } from 'hallpass/stores/postgres';
import { redisStore } from 'hallpass/stores/redis';
import pg from 'pg';
import { createClient } from 'redis';
import { checkInputs } from '../shared/fair-inputs.ts';
import { token } from '../shared/inputs.ts';

interface Data {
  note: string;
  count: number;
}

/** One request that reads a session and writes into it. */
type Write = (visitor: number, count: number) => Promise<unknown>;

const visitors = 64;
const inFlight = 25;
/** Of one length, and another for each visitor. */
const notes = Array.from({ length: visitors }, (_, visitor) => token(visitor, 275));
checkInputs({ title: 'writes over the network', inputs: notes });
/** Counts on through every lap: a value that stands there already is none to write. */
let writes = 0;

/** What our sessions ask of their store at such a request. The session of every visitor is there before anybody counts. */
async function ours(store: SessionStore): Promise<Write> {
  const day = 86_400_000;
  // Of this process alone, as the peer's are: processes that start together have pids that follow one another.
  const selectors = Array.from({ length: visitors }, (_, at) => token(process.pid * visitors + at, 22));
  const times = { idle: day, createdAt: Date.now(), seenAt: Date.now(), authenticatedAt: null };
  const ends = { idleAt: Date.now() + day, absoluteAt: Date.now() + 7 * day };
  for (const [visitor, selector] of selectors.entries()) {
    const facts = {
      gen: 0,
      hash: token(2, 43),
      userId: null,
      remember: false,
      data: { note: notes[visitor] ?? '' },
    };
    const made = await store.create({ selector, ...facts, ...times, ...ends }, { now: Date.now() });
    if (made !== 'created') throw new Error(`The session of visitor ${visitor} is there already: ${made}.`);
  }
  return async (visitor, count) => {
    const selector = selectors[visitor] ?? '';
    const now = Date.now();
    await store.read(selector, { now });
    await store.patch(selector, { gen: 0, now, set: { count: String(count) } });
  };
}

/** What express-session asks of its store at such a request. */
async function theirs(store: Pick<InstanceType<typeof expressSession.Store>, 'get' | 'set'>): Promise<Write> {
  const answered = (ask: (done: (error?: unknown, session?: unknown) => void) => void) =>
    new Promise((resolve, reject) => ask((error, session) => (error ? reject(error) : resolve(session))));
  const get = (id: string) => answered((done) => void store.get(id, done));
  const set = (id: string, session: unknown) => answered((done) => void store.set(id, session, done));
  const cookie = { originalMaxAge: 3_600_000, maxAge: 3_600_000, expires: new Date(Date.now() + 3_600_000) };
  const id = (visitor: number) => `${process.pid}-${visitor}`;
  await Promise.all(
    Array.from({ length: visitors }, (_, visitor) => set(id(visitor), { cookie, note: notes[visitor] })),
  );
  return async (visitor, count) => {
    const session = (await get(id(visitor))) as Data & { cookie: typeof cookie };
    session.cookie = cookie;
    session.count = count;
    await set(id(visitor), session);
  };
}

async function contenders(kind: string, url: string): Promise<Record<string, Write>> {
  if (kind === 'redis') {
    const client = createClient({ url });
    await client.connect();
    return { ours: await ours(redisStore(client)), peer: await theirs(new RedisStore({ client })) };
  }
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const PgStore = pgSimple(expressSession);
  const store = new PgStore({ pool, createTableIfMissing: true, pruneSessionInterval: false });
  return { ours: await ours(postgresStore(pool)), peer: await theirs(store) };
}

/** Writes by one contender for so long; how many, and how many a second. */
async function lap(write: Write, ms: number): Promise<{ writes: number; perSecond: number }> {
  const before = writes;
  const start = performance.now();
  const worker = async (at: number) => {
    // No two of them write to one visitor at once: that would be a conflict, which is another race.
    for (let turn = 0; performance.now() < start + ms; turn++) {
      await write((at + turn * inFlight) % visitors, writes++);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, at) => worker(at)));
  const done = writes - before;
  return { writes: done, perSecond: (done * 1000) / (performance.now() - start) };
}

const [kind = '', url = ''] = process.argv.slice(2);
const writers = await contenders(kind, url);
process.on('message', async ({ who, ms }: { who: string; ms: number }) => {
  process.send?.(await lap(writers[who] as Write, ms));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
